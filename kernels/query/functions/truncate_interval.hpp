#pragma once

#include "kernels/query/functions/call.hpp"
#include "kernels/query/functions/zone.hpp"

namespace grapevine::sql {

/// Times cut down to `amount` of a unit of a second up to a day, as DateTime.
ColumnPtr truncate_moments(const ColumnPtr& times, const Zone& zone, IntervalUnit unit,
                           std::int64_t amount, const DataType& type, std::size_t rows);

/// DateTime64 cut down to `amount` of a unit of up to a second, as the DateTime64 `type`.
/// Errors  DecimalOverflow (407).
absl::StatusOr<ColumnPtr> truncate_fractions(const ColumnPtr& times, IntervalUnit unit,
                                             std::int64_t amount, const DataType& type,
                                             std::size_t rows);

/// toStartOfInterval(time, interval[, origin][, zone]).
absl::StatusOr<Resolved> to_start_of_interval(const Call& call);
/// dateTrunc(unit, time[, zone]).
absl::StatusOr<Resolved> date_trunc(const Call& call);

}  // namespace grapevine::sql
