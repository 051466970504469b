#include "api/encode/formats/number_text.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace grapevine::sql {
namespace {

constexpr std::array<char, 200> kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

constexpr std::array<std::uint64_t, 20> kPowers = [] {
  std::array<std::uint64_t, 20> powers{};
  std::uint64_t power = 1;
  for (std::uint64_t& each : powers) {
    each = power;
    power *= 10;
  }
  return powers;
}();

std::size_t count_digits(std::uint64_t number) {
  // log10 by log2, which may be one too high.
  const auto bits = static_cast<std::size_t>(std::bit_width(number | 1));
  const std::size_t digits = bits * 1233 >> 12;
  return digits + (number >= kPowers[digits] ? 1 : 0) + (number == 0 ? 1 : 0);
}

char* write_text(char* at, const char* text) {
  const std::size_t size = std::strlen(text);
  std::memcpy(at, text, size);
  return at + size;
}

// Whole numbers, and those of a few decimals, are what data mostly has. A decimal of at most 15 digits
// is the only one of so many that a double stands for, so if `number` is one, it is the shortest.
char* write_short_decimal(char* at, double number) {
  constexpr double kWholeMax = 0x1p53;
  if (number < kWholeMax) {
    const auto whole = static_cast<std::uint64_t>(number);
    if (static_cast<double>(whole) == number) return write_unsigned(at, whole);
  }
  constexpr std::uint64_t kDigits15 = 1'000'000'000'000'000;
  if (number >= 1e11 || number < 1e-3) return nullptr;
  constexpr std::uint64_t kScale = 10'000;
  const auto scaled = static_cast<std::uint64_t>(number * kScale + 0.5);
  if (scaled >= kDigits15 || static_cast<double>(scaled) / kScale != number) return nullptr;
  at = write_unsigned(at, scaled / kScale);
  *at++ = '.';
  at = write_digits(at, scaled % kScale, 4);
  while (at[-1] == '0') --at;
  return at;
}

template <typename Float>
char* write_shortest(char* at, Float number) {
  std::array<char, 40> text;
  const char* end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific)
          .ptr;
  // d[.ddd]e±dd
  std::array<char, 24> digits;
  std::size_t count = 0;
  const char* from = text.data();
  for (; *from != 'e'; ++from) {
    if (*from != '.') digits[count++] = *from;
  }
  int exponent = 0;
  std::from_chars(from[1] == '+' ? from + 2 : from + 1, end, exponent);
  constexpr int kExponentMin = -6;
  constexpr int kExponentMax = 21;  // From there on.
  const auto append = [&](std::size_t begin, std::size_t size) {
    std::memcpy(at, digits.data() + begin, size);
    at += size;
  };
  if (exponent < kExponentMin || exponent >= kExponentMax) {
    append(0, 1);
    if (count > 1) {
      *at++ = '.';
      append(1, count - 1);
    }
    *at++ = 'e';
    return write_signed(at, exponent);
  }
  if (exponent < 0) {
    at = write_text(at, "0.");
    for (int i = exponent; i < -1; ++i) *at++ = '0';
    append(0, count);
    return at;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (count <= whole) {
    append(0, count);
    for (std::size_t i = count; i < whole; ++i) *at++ = '0';
    return at;
  }
  append(0, whole);
  *at++ = '.';
  append(whole, count - whole);
  return at;
}

template <typename Float>
char* write_any_float(char* at, Float number) {
  if (std::isnan(number)) return write_text(at, "nan");
  if (std::signbit(number)) {
    *at++ = '-';
    number = -number;
  }
  if (std::isinf(number)) return write_text(at, "inf");
  if constexpr (sizeof number == sizeof(double)) {
    if (char* end = write_short_decimal(at, number)) return end;
  }
  if (number == 0) return write_text(at, "0");
  return write_shortest(at, number);
}

}  // namespace

char* write_two_digits(char* at, std::uint32_t number) {
  std::memcpy(at, kPairs.data() + std::size_t{2} * number, 2);
  return at + 2;
}

char* write_digits(char* at, std::uint64_t number, std::size_t digits) {
  char* to = at + digits;
  while (to - at >= 2) {
    to -= 2;
    std::memcpy(to, kPairs.data() + 2 * (number % 100), 2);
    number /= 100;
  }
  if (to != at) *at = static_cast<char>('0' + number % 10);
  return at + digits;
}

char* write_unsigned(char* at, std::uint64_t number) {
  if (number < 10) {
    *at = static_cast<char>('0' + number);
    return at + 1;
  }
  return write_digits(at, number, count_digits(number));
}

char* write_signed(char* at, std::int64_t number) {
  auto magnitude = static_cast<std::uint64_t>(number);
  if (number < 0) {
    *at++ = '-';
    magnitude = 0 - magnitude;
  }
  return write_unsigned(at, magnitude);
}

char* write_float(char* at, double number) { return write_any_float(at, number); }
char* write_float(char* at, float number) { return write_any_float(at, number); }

}  // namespace grapevine::sql
