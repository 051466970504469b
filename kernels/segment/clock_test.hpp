#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "storage/ids.hpp"

namespace grapevine {

/// How far the clocks of a timezone were ahead of UTC, as stretches of one offset each: so a row
/// costs an addition and no look at a calendar.
struct ZoneOffsets {
  struct Stretch {
    TimeMs from;       ///< Until the next stretch.
    TimeMs offset_ms;  ///< Local time less UTC.
  };
  std::vector<Stretch> stretches;  ///< Ascending, at least one; the first is from INT64_MIN.

  /// The stretch that a time is in. Cost: a binary search.
  [[nodiscard]] std::size_t stretch_of(TimeMs time) const;
};

/// Which hours of the day and days of the week are meant, on the clocks of one timezone.
struct ClockTest {
  std::uint32_t hours = 0xFF'FFFF;  ///< Bit h: from h:00 until before h + 1:00.
  std::uint8_t weekdays = 0x7F;     ///< Bit 0 is Monday.
  std::shared_ptr<const ZoneOffsets> zone;

  /// Whether the local time `local_ms` (UTC plus offset) is meant.
  [[nodiscard]] bool accepts_local(TimeMs local_ms) const;
  /// Whether the moment is meant. Cost: a binary search of the zone's stretches.
  [[nodiscard]] bool accepts(TimeMs time) const;
};

inline bool ClockTest::accepts_local(TimeMs local_ms) const {
  // Times of the contract are within ±2^48 ms, so that this shift by whole weeks makes them positive.
  constexpr TimeMs kHour = 3'600'000;
  constexpr TimeMs kDay = 24 * kHour;
  constexpr std::uint64_t kWeeksShift = 1'000'000;
  const auto shifted = static_cast<std::uint64_t>(local_ms + TimeMs{kWeeksShift} * 7 * kDay);
  const std::uint64_t hour = shifted / kHour;
  // 1970-01-01 was a Thursday.
  return ((hours >> (hour % 24)) & (weekdays >> ((hour / 24 + 3) % 7)) & 1) != 0;
}

}  // namespace grapevine
