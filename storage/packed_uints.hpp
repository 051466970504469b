#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

namespace grapevine {

/// A view of whole numbers that are kept in `Width` bytes each, 0 bytes: all are 0. Valid as long
/// as what it looks at.
template <unsigned Width>
class PackedOffsets {
 public:
  using Offset = std::conditional_t<
      (Width <= 1), std::uint8_t,
      std::conditional_t<Width == 2, std::uint16_t,
                         std::conditional_t<Width == 8, std::uint64_t, std::uint32_t>>>;

  PackedOffsets(const std::uint8_t* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  Offset operator[](std::size_t i) const {
    Offset offset = 0;
    if constexpr (Width == 3) {  // A byte behind the last one may be read.
      std::memcpy(&offset, bytes_ + 3 * i, sizeof offset);
      offset &= 0xFF'FFFF;
    } else if constexpr (Width != 0) {
      std::memcpy(&offset, bytes_ + Width * i, sizeof offset);
    }
    return offset;
  }
  [[nodiscard]] PackedOffsets subspan(std::size_t begin, std::size_t count) const {
    return {bytes_ + Width * begin, count};
  }

 private:
  const std::uint8_t* bytes_;
  std::size_t size_;
};

/// Whole numbers kept as offsets from the smallest of them, in the fewest of 0, 1, 2, 3, 4 or 8
/// bytes each that hold the largest offset. Immutable; any number of threads may read.
class PackedUints {
 public:
  PackedUints() = default;
  /// Cost: two passes over `numbers`.
  explicit PackedUints(std::span<const std::uint64_t> numbers) : PackedUints(numbers, {}) {}
  /// Where `present`, a byte a number, is 0 the number means nothing and takes no room; an empty
  /// `present`: all mean something.
  PackedUints(std::span<const std::uint64_t> numbers, std::span<const std::uint8_t> present);
  /// What base(), width(), size() and raw() said, read back.
  /// Precondition: width is one of those above, and `raw` has raw_bytes(width, size) bytes.
  PackedUints(std::uint64_t base, unsigned width, std::size_t size, std::vector<std::uint8_t> raw)
      : base_(base), width_(width), size_(size), raw_(std::move(raw)) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint64_t base() const { return base_; }
  [[nodiscard]] unsigned width() const { return width_; }
  /// The offsets, little end first, one after the other.
  [[nodiscard]] std::span<const std::uint8_t> raw() const { return raw_; }
  [[nodiscard]] std::size_t bytes() const { return raw_.capacity(); }

  /// Names the members for a file (see checkpoint/fields.hpp).
  template <typename Archive, typename Self>
  static void fields(Archive& archive, Self& self) {
    archive(self.base_, self.width_, self.size_, self.raw_);
  }
  /// Whether the members go together, which may come from a file.
  [[nodiscard]] bool is_sound() const {
    return (width_ <= 4 || width_ == 8) && size_ <= raw_.max_size() / 8 &&
           raw_.size() == raw_bytes(width_, size_);
  }

  /// A byte more where whole words of 3 bytes are read as 4.
  static constexpr std::size_t raw_bytes(unsigned width, std::size_t size) {
    return width * size + (width == 3 ? 1 : 0);
  }

  /// Calls `body(offsets)` with the offsets from `base()` in the width in which they are kept (a
  /// PackedOffsets), so that a loop over them resolves the width once.
  template <typename Body>
  auto visit(const Body& body) const {
    switch (width_) {
      case 0: return body(PackedOffsets<0>(raw_.data(), size_));
      case 1: return body(PackedOffsets<1>(raw_.data(), size_));
      case 2: return body(PackedOffsets<2>(raw_.data(), size_));
      case 3: return body(PackedOffsets<3>(raw_.data(), size_));
      case 4: return body(PackedOffsets<4>(raw_.data(), size_));
      default: return body(PackedOffsets<8>(raw_.data(), size_));
    }
  }

  [[nodiscard]] std::uint64_t at(std::size_t i) const {
    return visit([&](const auto offsets) { return base_ + offsets[i]; });
  }

  /// The narrowest width that holds an offset.
  static constexpr unsigned width_for(std::uint64_t offset) {
    if (offset == 0) return 0;
    if (offset <= 0xFF) return 1;
    if (offset <= 0xFFFF) return 2;
    if (offset <= 0xFF'FFFF) return 3;
    return offset <= 0xFFFF'FFFF ? 4 : 8;
  }

 private:
  std::uint64_t base_ = 0;
  unsigned width_ = 0;
  std::size_t size_ = 0;
  std::vector<std::uint8_t> raw_;
};

}  // namespace grapevine
