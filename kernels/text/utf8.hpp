#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace grapevine {

/// What bytes that are no UTF-8 read as: one of these a byte.
inline constexpr char32_t kReplacement = 0xFFFD;

/// A code point and the bytes that it took.
struct CodePoint {
  char32_t value = 0;
  std::uint32_t bytes = 1;
};

/// Reads the code point that begins at `at`, which must be below the size. Overlong forms,
/// surrogates, what is cut short and anything else that RFC 3629 forbids is read as a
/// kReplacement of one byte, so that reading always goes on and never past the end.
inline CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const auto next = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3F); };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const std::size_t left = text.size() - at;
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead >= 0xC2 && lead < 0xE0 && left >= 2 && continues(1)) {
    return {(lead & 0x1F) << 6 | next(1), 2};
  }
  if ((lead & 0xF0) == 0xE0 && left >= 3 && continues(1) && continues(2)) {
    const char32_t value = (lead & 0x0F) << 12 | next(1) << 6 | next(2);
    if (value >= 0x800 && (value & 0xF800) != 0xD800) return {value, 3};
  }
  if ((lead & 0xF8) == 0xF0 && left >= 4 && continues(1) && continues(2) && continues(3)) {
    const char32_t value = (lead & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3);
    if (value >= 0x10000 && value <= 0x10FFFF) return {value, 4};
  }
  return {kReplacement, 1};
}

/// Reads the code point that ends before `at`, which must be neither 0 nor beyond the size.
inline CodePoint code_point_before(std::string_view text, std::size_t at) {
  for (std::uint32_t bytes = 4; bytes > 1; --bytes) {
    if (bytes > at) continue;
    const CodePoint point = code_point_at(text.substr(0, at), at - bytes);
    if (point.bytes == bytes) return point;
  }
  return code_point_at(text.substr(0, at), at - 1);
}

}  // namespace grapevine
