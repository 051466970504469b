#include "api/collect/call_time.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "api/parse/time.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kEpochDigitsMin = 10;
// Below it a number means seconds: as milliseconds it would be a time before 1973-03-03.
constexpr TimeMs kEpochMsMin = 100'000'000'000;

TimeMs from_epoch(TimeMs number) {
  return number > -kEpochMsMin && number < kEpochMsMin ? number * 1000 : number;
}

std::optional<TimeMs> epoch_text(std::string_view text) {
  if (text.size() < kEpochDigitsMin) return std::nullopt;
  TimeMs time = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return from_epoch(time);
}

std::optional<TimeMs> epoch_number(double number) {
  const bool is_seconds = std::abs(number) < static_cast<double>(kEpochMsMin);
  const double time = is_seconds ? std::round(number * 1000) : number;
  if (!(std::abs(time) < static_cast<double>(kTimeEnd))) return std::nullopt;
  return static_cast<TimeMs>(std::floor(time));
}

bool is_plausible(TimeMs time) { return time >= kTimeMin && time < kTimeEnd; }

}  // namespace

std::optional<TimeMs> time_of(const Scalar& value) {
  std::optional<TimeMs> time;
  switch (value.type) {
    case ValueType::Int64: time = from_epoch(value.integer); break;
    case ValueType::Float64: time = epoch_number(value.number); break;
    case ValueType::String:
      time = parse_time(value.text);
      if (!time) time = epoch_text(value.text);
      break;
    case ValueType::Null:
    case ValueType::DateTime:
    case ValueType::Bool: break;
  }
  return time && is_plausible(*time) ? time : std::nullopt;
}

absl::StatusOr<TimeMs> time_of_call(const CallTime& call) {
  if (call.timestamp.type == ValueType::Null) return call.received;
  const std::optional<TimeMs> sent = time_of(call.timestamp);
  if (!sent) {
    return rejection(
        "timestamp is neither an ISO 8601 time nor epoch milliseconds (or seconds) between 1900 "
        "and "
        "2200");
  }
  TimeMs time = *sent;
  if (call.sent_at && !call.is_import) time = call.received - (*call.sent_at - time);
  if (time > call.received + kAheadMsMax) {
    if (!call.is_import) return call.received;
    return rejection("timestamp is more than 24 hours ahead of the server's clock");
  }
  if (!is_plausible(time)) return rejection("timestamp is before 1900 by the server's clock");
  return time;
}

}  // namespace grapevine
