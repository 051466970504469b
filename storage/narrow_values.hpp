#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace grapevine {

/// The values of a chunk of an attribute, a byte each, where they lie close enough together: what a
/// scan reads instead of them.
struct NarrowValues {
  std::int64_t base = 0;                    ///< Is added to each byte.
  std::unique_ptr<std::uint8_t[]> offsets;  ///< AttributeChunk::kCustomers; an absent one is 0.
};

/// NarrowValues that are made when they are first asked for, and kept. A copy has none: what it is a
/// member of may be changed. Thread-safe.
class LazyNarrowValues {
 public:
  LazyNarrowValues() = default;
  LazyNarrowValues(const LazyNarrowValues&) noexcept {}
  LazyNarrowValues& operator=(const LazyNarrowValues&) = delete;
  ~LazyNarrowValues() { delete made_.load(std::memory_order_relaxed); }

  /// What `make()` gave, asked once or, by threads at the same time, a few times for equal ones.
  template <typename Make>
  const NarrowValues& get(const Make& make) const {
    if (const NarrowValues* made = made_.load(std::memory_order_acquire)) return *made;
    auto mine = std::make_unique<const NarrowValues>(make());
    const NarrowValues* known = nullptr;
    if (made_.compare_exchange_strong(known, mine.get(), std::memory_order_acq_rel)) {
      return *mine.release();
    }
    return *known;
  }

 private:
  mutable std::atomic<const NarrowValues*> made_{nullptr};
};

}  // namespace grapevine
