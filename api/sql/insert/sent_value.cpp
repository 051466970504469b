#include "api/sql/insert/sent_value.hpp"

#include <array>

#include "api/collect/call_time.hpp"
#include "api/collect/limits.hpp"
#include "api/encode/json_writer.hpp"
#include "api/plan/calendar.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::StatusOr<Scalar> number_of_value(const SentValue& sent) {
  if (sent.as == SentValue::As::Typed) {
    const bool truth = sent.scalar.type == ValueType::Bool;
    return truth ? Scalar::of(std::int64_t{sent.scalar.truth ? 1 : 0}) : sent.scalar;
  }
  const Scalar number = typed_by_content(sent.scalar.text);
  if (is_number(number.type)) return number;
  if (const auto other = number_of(sent.scalar)) return Scalar::of(*other);  // "007", "-0".
  return query_error(QueryErrorCode::CannotParseNumber, "the value is not a number");
}

absl::StatusOr<Scalar> truth_of_value(const SentValue& sent) {
  const Scalar& scalar = sent.scalar;
  if (scalar.type == ValueType::Bool) return scalar;
  if (scalar.type == ValueType::Int64 && (scalar.integer == 0 || scalar.integer == 1)) {
    return Scalar::of(scalar.integer == 1);
  }
  if (scalar.type == ValueType::String) {
    for (const std::string_view text : {"true", "True", "TRUE", "1"}) {
      if (scalar.text == text) return Scalar::of(true);
    }
    for (const std::string_view text : {"false", "False", "FALSE", "0"}) {
      if (scalar.text == text) return Scalar::of(false);
    }
  }
  return query_error(QueryErrorCode::CannotParseInputAssertionFailed,
                     "the value is neither true nor false");
}

Scalar text_of_value(const SentValue& sent, MadeTexts& made) {
  if (sent.scalar.type == ValueType::String) return sent.scalar;
  std::array<char, 32> digits;
  return Scalar::of(std::string_view(made.emplace_back(text_of(sent.scalar, digits))));
}

}  // namespace

absl::StatusOr<TimeMs> time_of_value(const SentValue& sent, std::string_view zone) {
  std::optional<TimeMs> time;
  if (sent.scalar.type == ValueType::String) {
    time = parse_local_time(sent.scalar.text, zone);
    if (!time) time = time_of(sent.scalar);  // Digits.
  } else {
    time = time_of(sent.scalar);
  }
  if (!time || *time < kTimeMin || *time >= kTimeEnd) {
    return query_error(QueryErrorCode::CannotParseDateTime,
                       "the value is no time between 1900 and 2200: neither 'YYYY-MM-DD "
                       "hh:mm:ss[.fff]', nor ISO 8601, nor epoch seconds or milliseconds");
  }
  return *time;
}

absl::StatusOr<Scalar> value_of_kind(const SentValue& sent, ValueKind kind, std::string_view zone,
                                     MadeTexts& made) {
  if (sent.scalar.type == ValueType::Null) return sent.scalar;
  switch (kind) {
    case ValueKind::Text: return text_of_value(sent, made);
    case ValueKind::Number: return number_of_value(sent);
    case ValueKind::Truth: return truth_of_value(sent);
    case ValueKind::Time: {
      GRAPEVINE_ASSIGN_OR_RETURN(const TimeMs time, time_of_value(sent, zone));
      return Scalar::of(std::string_view(made.emplace_back(format_time(time))));
    }
    case ValueKind::Any: break;
  }
  return sent.as == SentValue::As::Plain ? typed_by_content(sent.scalar.text) : sent.scalar;
}

}  // namespace grapevine::sql
