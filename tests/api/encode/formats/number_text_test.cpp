#include "api/encode/formats/number_text.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace grapevine::sql {
namespace {

std::string written(double number) {
  std::array<char, kNumberBytesMax> text;
  return {text.data(), write_float(text.data(), number)};
}
std::string written(float number) {
  std::array<char, kNumberBytesMax> text;
  return {text.data(), write_float(text.data(), number)};
}

// Digits that count: zeros at both ends and the exponent say only where the point stands.
std::size_t digits_of(const std::string& text) {
  std::string digits;
  for (const char c : text.substr(0, text.find('e'))) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string::npos ? 0 : digits.find_last_not_of('0') + 1 - first;
}

// The text reads back to the same bits, and has as few digits as the library's shortest.
template <typename Float>
void check(Float number) {
  const std::string text = written(number);
  Float read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  ASSERT_EQ(error, std::errc()) << text;
  ASSERT_EQ(end, text.data() + text.size()) << text;
  ASSERT_EQ(read, number) << text;
  ASSERT_EQ(std::signbit(read), std::signbit(number)) << text;
  ASSERT_EQ(digits_of(text), digits_of(fmt::format("{}", number))) << text;
}

TEST(NumberText, FloatsAreShortestOfAnyBits) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const auto number = std::bit_cast<double>(random());
    if (std::isfinite(number)) check(number);
    const auto narrow = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (std::isfinite(narrow)) check(narrow);
  }
}

TEST(NumberText, FloatsAreShortestNearDecimals) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200'000; ++i) {
    const double scale = std::pow(10.0, static_cast<double>(random() % 12));
    const double number = static_cast<double>(random() % 100'000'000'000) / scale;
    check(number);
    check(std::nextafter(number, 1e300));
    check(-std::nextafter(number, -1.0));
    check(static_cast<float>(number));
  }
}

TEST(NumberText, IntegersOfAllSizes) {
  std::array<char, kNumberBytesMax> text;
  const auto check_unsigned = [&](std::uint64_t number) {
    ASSERT_EQ(std::string(text.data(), write_unsigned(text.data(), number)),
              std::to_string(number));
    const auto as_signed = static_cast<std::int64_t>(number);
    ASSERT_EQ(std::string(text.data(), write_signed(text.data(), as_signed)),
              std::to_string(as_signed));
  };
  check_unsigned(0);
  for (std::uint64_t power = 1, i = 0; i < 20; ++i, power *= 10) {
    for (const std::uint64_t near : {power - 1, power, power + 1}) check_unsigned(near);
  }
  for (int bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    for (const std::uint64_t near : {power - 1, power, power + 1}) check_unsigned(near);
  }
  check_unsigned(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace
}  // namespace grapevine::sql
