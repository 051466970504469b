#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <absl/time/time.h>

namespace grapevine::sql {

/// Room that a date or time needs at most.
inline constexpr std::size_t kTimeBytesMax = 48;

/// Writes days since 1970 as YYYY-MM-DD. Not thread-safe: it remembers the last one.
class DateText {
 public:
  /// Returns where it ends. Years 0000 to 9999, which is what the types can mean. Precondition:
  /// kTimeBytesMax bytes of room.
  char* write(char* at, std::int64_t day);

 private:
  std::int64_t day_ = -1;
  std::array<char, 16> text_{'1', '9', '6', '9', '-', '1', '2', '-', '3', '1'};
};

/// What the clocks of a timezone show. Not thread-safe: it remembers the stretches of one offset that
/// it met, so that a time seldom costs a look at the calendar.
class ZoneClock {
 public:
  /// IANA; what is none is UTC.
  explicit ZoneClock(const std::string& zone);
  /// Seconds since 1970 as the clocks show them, were they those of UTC.
  std::int64_t shown(std::int64_t time_s) {
    if (time_s < last_.from || time_s >= last_.to) find(time_s);
    return time_s + last_.offset;
  }

 private:
  struct Stretch {
    std::int64_t from;
    std::int64_t to;
    std::int64_t offset;
  };
  void find(std::int64_t time_s);

  absl::TimeZone zone_;
  Stretch last_;
  std::vector<Stretch> known_;  // Ascending.
};

/// How times are written.
enum class TimeStyle : std::uint8_t {
  Simple,  ///< 2026-11-22 18:40:00.123, in the zone.
  Iso,     ///< 2026-11-22T18:40:00.123Z, in UTC.
  Unix,    ///< 1795372800.123
};

/// Writes times of one zone and scale. Not thread-safe.
class TimeText {
 public:
  /// `scale`: decimal digits of a second.
  TimeText(TimeStyle style, const std::string& zone, std::size_t scale);
  /// `time`: units of 10^-scale seconds since 1970. Returns where it ends. Precondition:
  /// kTimeBytesMax bytes of room.
  char* write(char* at, std::int64_t time);

 private:
  char* write_clock(char* at, std::int64_t second);

  TimeStyle style_;
  std::size_t scale_;
  std::int64_t units_ = 1;  // A second has.
  ZoneClock clock_;
  DateText date_;
  std::int64_t day_ = 0;  // The last one.
};

}  // namespace grapevine::sql
