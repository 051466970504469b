#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace grapevine {

/// Puts numbers where there is room for them, little-endian: nothing is checked or grown.
class RawWriter {
 public:
  explicit RawWriter(char* to) : end_(to) {}

  void byte(std::uint8_t byte) { *end_++ = static_cast<char>(byte); }
  template <typename Number>
  void fixed(Number number) {
    std::memcpy(end_, &number, sizeof number);
    end_ += sizeof number;
  }
  /// 7 bits a byte, the lowest first: 1 byte below 128, 10 at the most.
  void varint(std::uint64_t number) {
    char* end = end_;
    for (; number >= 0x80; number >>= 7) *end++ = static_cast<char>(number | 0x80);
    *end++ = static_cast<char>(number);
    end_ = end;
  }
  /// Small for numbers near 0 of either sign.
  void zigzag(std::int64_t number) {
    varint((static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
  }
  /// Behind what was put.
  [[nodiscard]] const char* end() const { return end_; }

 private:
  char* end_;
};

/// Appends numbers and strings to a string of bytes, little-endian.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& bytes) : bytes_(bytes) {}

  template <typename Number>
  void fixed(Number number) {
    char raw[sizeof(Number)];
    std::memcpy(raw, &number, sizeof(Number));
    bytes_.append(raw, sizeof(Number));
  }
  /// As RawWriter's.
  void varint(std::uint64_t number) {
    char raw[10];
    RawWriter out(raw);
    out.varint(number);
    bytes_.append(raw, static_cast<std::size_t>(out.end() - raw));
  }
  void zigzag(std::int64_t number) {
    char raw[10];
    RawWriter out(raw);
    out.zigzag(number);
    bytes_.append(raw, static_cast<std::size_t>(out.end() - raw));
  }
  void text(std::string_view text) {
    varint(text.size());
    bytes_.append(text);
  }
  void bytes(std::string_view bytes) { bytes_.append(bytes); }

 private:
  std::string& bytes_;
};

/// Reads what a ByteWriter wrote. Reading beyond the end, or a number too long, yields zeros and
/// makes `ok` false for good: callers check once, at the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }

  template <typename Number>
  Number fixed() {
    Number number{};
    const std::string_view raw = take(sizeof(Number));
    if (ok_) std::memcpy(&number, raw.data(), sizeof(Number));
    return number;
  }
  std::uint64_t varint() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = fixed<std::uint8_t>();
      number |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return number;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t zigzag() {
    const std::uint64_t raw = varint();
    return static_cast<std::int64_t>((raw >> 1) ^ (~(raw & 1) + 1));
  }
  std::string_view text() { return take(varint()); }
  std::string_view take(std::uint64_t length) {
    if (length > bytes_.size()) {
      ok_ = false;
      bytes_ = {};
    }
    if (!ok_) return {};
    const std::string_view taken = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return taken;
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace grapevine
