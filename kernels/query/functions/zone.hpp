#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/data_type.hpp"
#include "kernels/query/function.hpp"

namespace grapevine::sql {

/// How far the clocks of a timezone are ahead of UTC, as stretches of one offset each. Immutable.
class Zone {
 public:
  struct Stretch {
    std::int64_t begin;   ///< Seconds since 1970, UTC.
    std::int64_t end;     ///< Excluded.
    std::int64_t offset;  ///< Local time less UTC, in seconds.
  };

  /// By its IANA name; made once a process. Errors  BadArguments (36): there is none of that name.
  static absl::StatusOr<std::shared_ptr<const Zone>> named(const std::string& name);

  explicit Zone(std::vector<Stretch> stretches) : stretches_(std::move(stretches)) {}

  /// The stretch that a moment is in. Cost: a binary search.
  [[nodiscard]] const Stretch& stretch_of(std::int64_t utc) const;
  /// The moment when the clocks show `local`. Of a time that comes twice it is the first; one that is
  /// left out is read with the offset after the gap, so that it lies before it: as ClickHouse does.
  [[nodiscard]] std::int64_t utc_of(std::int64_t local) const;
  [[nodiscard]] const std::vector<Stretch>& stretches() const { return stretches_; }

 private:
  std::vector<Stretch> stretches_;  ///< Ascending and without gaps, from INT64_MIN to INT64_MAX.
};
using ZonePtr = std::shared_ptr<const Zone>;

/// The zone in which a Date, DateTime or DateTime64 of that type is shown.
absl::StatusOr<ZonePtr> zone_of(const DataType& type, const SessionFacts& facts);

/// Asks a zone about rows in turn: neighbours in time cost a comparison. Not thread-safe.
class ZoneCursor {
 public:
  explicit ZoneCursor(const Zone& zone) : zone_(&zone), stretch_(&zone.stretch_of(0)) {}

  [[nodiscard]] std::int64_t offset_of(std::int64_t utc) {
    if (utc < stretch_->begin || utc >= stretch_->end) stretch_ = &zone_->stretch_of(utc);
    return stretch_->offset;
  }
  [[nodiscard]] std::int64_t local_of(std::int64_t utc) { return utc + offset_of(utc); }
  [[nodiscard]] std::int64_t utc_of(std::int64_t local) {
    // A day within the stretch no other can have the time too.
    const std::int64_t utc = local - stretch_->offset;
    if (utc - 2 * 86'400 > stretch_->begin && utc + 2 * 86'400 < stretch_->end) return utc;
    return zone_->utc_of(local);
  }
  [[nodiscard]] const Zone& zone() const { return *zone_; }

 private:
  const Zone* zone_;
  const Zone::Stretch* stretch_;
};

}  // namespace grapevine::sql
