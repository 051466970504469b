#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace grapevine {

/// 80 bits of a hash. The first 64 are uniform: they say where it stands.
struct Fingerprint {
  std::uint64_t low = 0;
  std::uint16_t high = 0;
  bool operator==(const Fingerprint&) const = default;
};

/// A set of fingerprints in 10 bytes a slot: open addressing with the slots in order of their
/// fingerprints, so that a search ends where a larger one stands and growing is one pass. Grows by
/// an eighth when nine of ten slots are taken: 11.1 to 12.5 bytes each. Not thread-safe.
class FingerprintSet {
 public:
  /// Whether it is new, and if so, adds it. Cost: about two cache misses.
  bool insert(Fingerprint fingerprint);
  [[nodiscard]] bool contains(Fingerprint fingerprint) const;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity(); }

  /// Calls `body(fingerprint)` for each, in ascending order.
  template <typename Body>
  void for_each(const Body& body) const {
    for (std::size_t slot = 0; slot < slots(); ++slot) {
      if (is_taken(slot)) body(at(slot));
    }
  }

 private:
  static constexpr std::size_t kSlotBytes = 10;
  // Slots behind the last home, for those who are pushed on; more are added as needed.
  static constexpr std::size_t kSpare = 16;

  [[nodiscard]] std::size_t slots() const { return slots_.size() / kSlotBytes; }
  [[nodiscard]] bool is_taken(std::size_t slot) const;
  [[nodiscard]] Fingerprint at(std::size_t slot) const;
  void put(std::size_t slot, Fingerprint fingerprint);
  /// The first slot from its home on that is free or holds this one or a larger one.
  [[nodiscard]] std::size_t find(Fingerprint fingerprint) const;
  void add_spare();
  void grow();
  void place(std::size_t slot, Fingerprint fingerprint);

  std::vector<std::uint8_t> slots_;  // All zero: free.
  std::size_t homes_ = 0;
  std::size_t size_ = 0;
};

}  // namespace grapevine
