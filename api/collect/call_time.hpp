#pragma once

#include <optional>

#include <absl/status/statusor.h>

#include "api/collect/scalar.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What decides the time of a call. Scalars that are Null were not sent.
struct CallTime {
  Scalar timestamp;
  std::optional<TimeMs> sent_at;  ///< By the sender's clock; nullopt: it need not be corrected.
  TimeMs received = 0;            ///< By the server's clock.
  bool is_import = false;         ///< History: no correction, and no time ahead of the clock.
};

/// A time as it may be sent: ISO 8601, or epoch milliseconds as a number or as its text (at least
/// 10 digits, so that a year or a date is not taken for one). A number below 10^11 is in seconds.
/// nullopt: none of these.
std::optional<TimeMs> time_of(const Scalar& value);

/// When the call happened: `timestamp` corrected by how far the sender's clock is off, or the time
/// of receipt where there is none or it is too far ahead.
/// Errors  InvalidArgument: a rejection (no time; before 1900 or after 2200; an import's ahead).
absl::StatusOr<TimeMs> time_of_call(const CallTime& call);

}  // namespace grapevine
