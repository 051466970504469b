#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

namespace grapevine {

/// Whole numbers kept as offsets from the smallest of them, in the fewest of 1, 2, 4 or 8 bytes
/// each that hold the largest offset. Immutable; any number of threads may read.
class PackedUints {
 public:
  PackedUints() = default;
  /// Cost: two passes over `numbers`.
  explicit PackedUints(std::span<const std::uint64_t> numbers);

  [[nodiscard]] std::size_t size() const {
    return std::visit([](const auto& o) { return o.size(); }, offsets_);
  }
  [[nodiscard]] std::uint64_t at(std::size_t i) const {
    return base_ + std::visit([i](const auto& o) { return std::uint64_t{o[i]}; }, offsets_);
  }
  [[nodiscard]] std::uint64_t base() const { return base_; }
  [[nodiscard]] std::size_t bytes() const;

  /// Names the members for a file (see checkpoint/fields.hpp).
  template <typename Archive, typename Self>
  static void fields(Archive& archive, Self& self) {
    archive(self.base_, self.offsets_);
  }

  /// Calls `body(span)` with the offsets from `base()` in the type in which they are kept, so that
  /// a loop over them resolves the width once.
  template <typename Body>
  auto visit(const Body& body) const {
    return std::visit([&](const auto& o) { return body(std::span(o)); }, offsets_);
  }

 private:
  std::uint64_t base_ = 0;
  std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>, std::vector<std::uint32_t>,
               std::vector<std::uint64_t>>
      offsets_;
};

}  // namespace grapevine
