#pragma once

#include <cstdint>
#include <limits>

#include "kernels/query/functions/call.hpp"
#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/zone.hpp"

namespace grapevine::sql {

/// The times of a Date, DateTime or DateTime64 column, and what the clocks of a zone showed. Not
/// thread-safe.
class TimeRows {
 public:
  TimeRows(const ColumnPtr& column, const Zone& zone)
      : values_(column),
        cursor_(zone),
        units_(power_of_ten(column->type.scale)),
        id_(column->type.id) {}

  /// Seconds since 1970, UTC.
  [[nodiscard]] std::int64_t utc(std::size_t row) {
    if (id_ == TypeId::DateTime) return values_[row];
    if (id_ == TypeId::Date) return cursor_.utc_of(values_[row] * kSecondsOfDay);
    return units_ == 1 ? values_[row] : floor_div(values_[row], units_);
  }
  /// Seconds that the clocks had shown since 1970.
  [[nodiscard]] std::int64_t local(std::size_t row) {
    if (id_ == TypeId::Date) return values_[row] * kSecondsOfDay;
    return cursor_.local_of(utc(row));
  }
  [[nodiscard]] std::int64_t day(std::size_t row) {
    if (id_ == TypeId::Date) return values_[row];
    return floor_div(local(row), kSecondsOfDay);
  }
  /// Nanoseconds after the second.
  [[nodiscard]] std::int64_t nanosecond(std::size_t row) const {
    if (id_ != TypeId::DateTime64) return 0;
    return floor_mod(values_[row], units_) * (1'000'000'000 / units_);
  }
  [[nodiscard]] ZoneCursor& cursor() { return cursor_; }
  /// As it is kept.
  [[nodiscard]] std::int64_t value(std::size_t row) const { return values_[row]; }

 private:
  Numbers<std::int64_t> values_;
  ZoneCursor cursor_;
  std::int64_t units_;
  TypeId id_;
};

/// The zone of a call: that of the argument which names one, else of the time itself.
/// Errors  43, 44 (not constant), 36 (no such zone).
absl::StatusOr<ZonePtr> call_zone(const Call& call, std::size_t time_argument,
                                  std::size_t zone_argument);
/// The name by which a result shows its times: of the argument, else of the time's type.
absl::StatusOr<std::string> call_zone_name(const Call& call, std::size_t time_argument,
                                           std::size_t zone_argument);

}  // namespace grapevine::sql
