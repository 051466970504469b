#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/collect/json.hpp"
#include "api/sql/insert/insert_columns.hpp"

namespace grapevine::sql {

/// A value as a format has it.
struct SentValue {
  enum class As : std::uint8_t {
    Typed,  ///< A number, a truth or NULL.
    Text,   ///< A string.
    Plain,  ///< Letters that may mean either.
  };
  As as = As::Typed;
  Scalar scalar;  ///< Text and Plain: a String.

  static SentValue null() { return {}; }
  static SentValue typed(Scalar scalar) { return {As::Typed, scalar}; }
  static SentValue text(std::string_view text) { return {As::Text, Scalar::of(text)}; }
  static SentValue plain(std::string_view text) { return {As::Plain, Scalar::of(text)}; }
};

/// The value as one of its column: a text for texts, a number where the text is one, and so on. What
/// may be any keeps the type that it came with. NULL stays NULL. `zone`: IANA, of times that name
/// none.
/// Errors  CannotParseNumber (72), CannotParseDateTime (41), CannotParseInputAssertionFailed (27).
absl::StatusOr<Scalar> value_of_kind(const SentValue& sent, ValueKind kind, std::string_view zone,
                                     MadeTexts& made);

/// The milliseconds of a time: epoch seconds or milliseconds, an ISO 8601 text, or
/// 'YYYY-MM-DD hh:mm:ss[.fff]' on the clocks of `zone`.
/// Errors  CannotParseDateTime (41).
absl::StatusOr<TimeMs> time_of_value(const SentValue& sent, std::string_view zone);

}  // namespace grapevine::sql
