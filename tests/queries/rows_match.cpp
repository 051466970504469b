#include "tests/queries/rows_match.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace grapevine::tests {
namespace {

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(mark);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool begins_number(char letter) {
  return (letter >= '0' && letter <= '9') || letter == '-' || letter == '.';
}

std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return value;
}

// Texts that are equal but for the numbers in them, which are about equal: of arrays and tuples, too.
bool about_equal(std::string_view expected, std::string_view answered, double tolerance) {
  while (!expected.empty() && !answered.empty()) {
    if (begins_number(expected[0]) && begins_number(answered[0])) {
      const auto left = take_number(expected);
      const auto right = take_number(answered);
      if (left && right) {
        const double size = std::max(std::abs(*left), std::abs(*right));
        const bool same_sign = std::signbit(*left) == std::signbit(*right);
        if (!same_sign || std::abs(*left - *right) > tolerance * size) return false;
        continue;
      }
      if (left || right) return false;
    }
    if (expected[0] != answered[0]) return false;
    expected.remove_prefix(1);
    answered.remove_prefix(1);
  }
  return expected == answered;
}

double tolerance_of(std::string_view type) {
  if (type.find("Float32") != std::string_view::npos) return 1e-6;
  return type.find("Float64") != std::string_view::npos ? 1e-12 : 0;
}

bool same_row(std::string_view expected, std::string_view answered,
              const std::vector<std::string_view>& types) {
  if (expected == answered) return true;
  const auto left = split(expected, '\t');
  const auto right = split(answered, '\t');
  if (left.size() != right.size() || left.size() != types.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double tolerance = tolerance_of(types[i]);
    const bool same =
        left[i] == right[i] || (tolerance > 0 && about_equal(left[i], right[i], tolerance));
    if (!same) return false;
  }
  return true;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return split(text, '\n');
}

}  // namespace

std::string rows_mismatch(std::string_view expected, std::string_view answered, bool unordered) {
  auto left = lines_of(expected);
  auto right = lines_of(answered);
  const auto differ = [](std::string what, std::string_view wanted, std::string_view got) {
    return what + ": expected " + std::string(wanted) + ", got " + std::string(got);
  };
  if (right.size() < 2) return differ("no rows", expected, answered);
  if (left[0] != right[0]) return differ("names", left[0], right[0]);
  if (left[1] != right[1]) return differ("types", left[1], right[1]);
  if (left.size() != right.size()) return differ("number of rows", expected, answered);
  if (unordered) {
    std::sort(left.begin() + 2, left.end());
    std::sort(right.begin() + 2, right.end());
  }
  const auto types = split(left[1], '\t');
  for (std::size_t i = 2; i < left.size(); ++i) {
    if (!same_row(left[i], right[i], types)) {
      return differ("row " + std::to_string(i - 1), left[i], right[i]);
    }
  }
  return {};
}

}  // namespace grapevine::tests
