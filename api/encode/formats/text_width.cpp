#include "api/encode/formats/text_width.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <utf8proc.h>

#include "api/encode/formats/number_text.hpp"

namespace grapevine::sql {
namespace {

struct Measured {
  std::size_t bytes = 0;
  std::size_t width = 0;
};

// As much of the text as is at most so wide.
Measured measure(std::string_view text, std::size_t width_max, std::size_t before) {
  constexpr std::size_t kTab = 8;
  Measured all;
  while (all.bytes < text.size()) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t taken =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + all.bytes,
                         static_cast<utf8proc_ssize_t>(text.size() - all.bytes), &point);
    std::size_t width = 0;
    if (taken > 0) {
      width = point == '\t' ? kTab - (before + all.width) % kTab
                            : static_cast<std::size_t>(utf8proc_charwidth(point));
    }
    if (all.width + width > width_max) return all;
    all.width += width;
    all.bytes += taken > 0 ? static_cast<std::size_t>(taken) : 1;
  }
  return all;
}

bool is_identifier(std::string_view name) {
  const auto is_letter = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
  };
  const auto is_digit = [](char byte) { return byte >= '0' && byte <= '9'; };
  return !name.empty() && !is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char byte) { return is_letter(byte) || is_digit(byte); });
}

}  // namespace

std::size_t width_of_text(std::string_view text, std::size_t before) {
  return measure(text, static_cast<std::size_t>(-1) / 2, before).width;
}

std::size_t bytes_of_width(std::string_view text, std::size_t width, std::size_t before) {
  return measure(text, width, before).bytes;
}

std::string cut_name(std::string name, std::size_t width_max) {
  constexpr std::size_t kToleratedWidth = 4;
  const std::size_t width = width_of_text(name);
  if (width <= width_max + kToleratedWidth || is_identifier(name)) return name;
  const std::size_t begin = bytes_of_width(name, width_max / 2);
  const std::size_t end = bytes_of_width(name, width - (width_max - 1) / 2);
  return name.substr(0, begin) + "⋯" + name.substr(end);
}

bool is_right_aligned(const DataType& type) {
  return is_integer(type.id) || is_float(type.id) || is_time(type.id) ||
         type.id == TypeId::Interval;
}

std::string number_tip(double number) {
  constexpr std::array<std::string_view, 22> kUnits = {"",
                                                       "thousand",
                                                       "million",
                                                       "billion",
                                                       "trillion",
                                                       "quadrillion",
                                                       "quintillion",
                                                       "sextillion",
                                                       "septillion",
                                                       "octillion",
                                                       "nonillion",
                                                       "decillion",
                                                       "undecillion",
                                                       "duodecillion",
                                                       "tredecillion",
                                                       "quattuordecillion",
                                                       "quindecillion",
                                                       "sexdecillion",
                                                       "septendecillion",
                                                       "octodecillion",
                                                       "novemdecillion",
                                                       "vigintillion"};
  const double magnitude = std::abs(number);
  if (!std::isfinite(number) || magnitude <= 1e6) return {};
  if (magnitude > 1e17 && magnitude < 1.844675e19) return {};
  std::size_t unit = 0;
  for (; unit + 1 < kUnits.size() && std::abs(number) >= 1000; ++unit) number /= 1000;
  constexpr double kFixedMax = 1e60;
  if (std::abs(number) < kFixedMax) return fmt::format(" -- {:.2f} {}", number, kUnits[unit]);
  std::array<char, kNumberBytesMax> digits;
  const char* end = write_float(digits.data(), number);
  return fmt::format(" -- {} {}", std::string_view(digits.data(), end), kUnits[unit]);
}

}  // namespace grapevine::sql
