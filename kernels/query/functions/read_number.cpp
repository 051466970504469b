#include "kernels/query/functions/read_number.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <type_traits>
#include <utility>

namespace grapevine::sql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool starts_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(text[i]) != word[i]) return false;
  }
  return true;
}

std::size_t unread(ReadProblem& problem, QueryErrorCode code, std::string_view message) {
  problem.code = code;
  problem.message = message;
  return kUnread;
}

}  // namespace

template <typename Integer>
std::size_t read_integer(std::string_view text, bool exact, Integer& value, ReadProblem& problem) {
  value = 0;
  if (text.empty()) {
    return unread(problem, QueryErrorCode::AttemptToReadAfterEof,
                  "Attempt to read after eof: value is too short");
  }
  std::size_t at = 0;
  bool negative = false;
  if (text[0] == '+' || text[0] == '-') {
    negative = text[0] == '-';
    if (negative && std::is_unsigned_v<Integer>) {
      return unread(problem, QueryErrorCode::CannotParseNumber,
                    "Unsigned type must not contain '-' symbol");
    }
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
      return unread(problem, QueryErrorCode::CannotParseNumber,
                    "Cannot parse number with multiple sign (+/-) characters");
    }
    if (at == text.size() || !is_digit(text[at])) {
      return unread(problem, QueryErrorCode::CannotParseNumber,
                    "Cannot parse number without any digits");
    }
  }
  std::uint64_t magnitude = 0;
  bool overflow = false;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    const auto digit = static_cast<std::uint64_t>(text[at] - '0');
    overflow |= magnitude > (std::numeric_limits<std::uint64_t>::max() - digit) / 10;
    magnitude = magnitude * 10 + digit;
  }
  if (exact) {
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<Integer>::max());
    if (overflow || magnitude > kMax + (negative ? 1 : 0)) {
      return unread(problem, QueryErrorCode::CannotParseNumber, "Number is out of range");
    }
  }
  value = static_cast<Integer>(negative ? 0 - magnitude : magnitude);
  return at;
}

template std::size_t read_integer(std::string_view, bool, std::uint8_t&, ReadProblem&);
template std::size_t read_integer(std::string_view, bool, std::uint16_t&, ReadProblem&);
template std::size_t read_integer(std::string_view, bool, std::uint32_t&, ReadProblem&);
template std::size_t read_integer(std::string_view, bool, std::uint64_t&, ReadProblem&);
template std::size_t read_integer(std::string_view, bool, std::int8_t&, ReadProblem&);
template std::size_t read_integer(std::string_view, bool, std::int16_t&, ReadProblem&);
template std::size_t read_integer(std::string_view, bool, std::int32_t&, ReadProblem&);
template std::size_t read_integer(std::string_view, bool, std::int64_t&, ReadProblem&);

template <typename Float>
std::size_t read_float(std::string_view text, Float& value, ReadProblem& problem) {
  value = 0;
  std::size_t at = 0;
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    at = 1;
  }
  const std::string_view rest = text.substr(at);
  for (const auto& [word, meant] :
       {std::pair{std::string_view("infinity"), std::numeric_limits<Float>::infinity()},
        std::pair{std::string_view("inf"), std::numeric_limits<Float>::infinity()},
        std::pair{std::string_view("nan"), std::numeric_limits<Float>::quiet_NaN()}}) {
    if (starts_with_word(rest, word)) {
      value = negative ? -meant : meant;
      return at + word.size();
    }
  }
  const bool is_number =
      !rest.empty() &&
      (is_digit(rest[0]) || (rest[0] == '.' && rest.size() > 1 && is_digit(rest[1])));
  if (!is_number) {
    return unread(problem, QueryErrorCode::CannotParseNumber,
                  std::string("Cannot read floating point value here: ").append(text));
  }
  const auto [end, status] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (status == std::errc::result_out_of_range) {
    // Infinite or next to nothing: strtod says which.
    const std::string copy(rest.data(), end);
    value = static_cast<Float>(std::strtod(copy.c_str(), nullptr));
  }
  if (negative) value = -value;
  return at + static_cast<std::size_t>(end - rest.data());
}

template std::size_t read_float(std::string_view, float&, ReadProblem&);
template std::size_t read_float(std::string_view, double&, ReadProblem&);

std::size_t read_bool(std::string_view text, std::uint8_t& value, ReadProblem& problem) {
  struct Word {
    std::string_view text;
    bool meant;
  };
  // Longer words before those that they begin with.
  constexpr std::array<Word, 16> kWords = {{{"true", true},
                                            {"false", false},
                                            {"yes", true},
                                            {"no", false},
                                            {"on", true},
                                            {"off", false},
                                            {"enabled", true},
                                            {"enable", true},
                                            {"disabled", false},
                                            {"disable", false},
                                            {"t", true},
                                            {"f", false},
                                            {"y", true},
                                            {"n", false},
                                            {"1", true},
                                            {"0", false}}};
  if (text.empty()) {
    return unread(problem, QueryErrorCode::CannotParseBool, "Expected boolean value but get EOF");
  }
  for (const Word& word : kWords) {
    if (starts_with_word(text, word.text)) {
      value = word.meant;
      return word.text.size();
    }
  }
  return unread(problem, QueryErrorCode::CannotParseBool,
                std::string("Cannot parse boolean value here: '").append(text).append("'"));
}

}  // namespace grapevine::sql
