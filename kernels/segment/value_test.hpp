#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "storage/date_time.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// The numbers from `least` to `most`, both included. Empty where least > most.
template <typename Number>
struct Range {
  Number least;
  Number most;

  [[nodiscard]] constexpr bool has(Number number) const {
    return least <= number && number <= most;
  }
  friend bool operator==(const Range&, const Range&) = default;
};

/// Which values satisfy one rule. It says so for every type in which a value may be kept, since a
/// column of events may have another type in another run; a type of which nothing is said has no
/// value that satisfies it. A missing value never does.
struct ValueTest {
  bool any = false;  ///< Every value does: the rest is not looked at.
  bool accepts_false = false;
  bool accepts_true = false;
  std::vector<Range<std::int64_t>> whole;      ///< Ascending and apart; of times: milliseconds.
  std::vector<Range<double>> real;             ///< Ascending and apart from each other.
  std::vector<Range<float>> real32;            ///< The same for values that are kept in 32 bits.
  std::vector<std::string> texts;              ///< Ascending: the texts that satisfy it, or ...
  std::function<bool(std::string_view)> text;  ///< ... a pure function that knows, where set.
  /// Values of other types than String are tested as their canonical text: the column's widest type
  /// is String, or a time is asked what only its text tells.
  bool as_text = false;
};

/// Whether one value satisfies the test: the definition that faster code is held to.
bool satisfies(const ValueTest& test, bool truth);
bool satisfies(const ValueTest& test, std::int64_t number);
bool satisfies(const ValueTest& test, DateTime time);
bool satisfies(const ValueTest& test, double number);
bool satisfies(const ValueTest& test, float number);
bool satisfies(const ValueTest& test, std::string_view text);

/// Sorts the ranges and joins those that overlap; drops empty ones.
template <typename Number>
void normalize(std::vector<Range<Number>>& ranges);

}  // namespace grapevine
