#include "api/encode/formats/time_text.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "api/encode/formats/number_text.hpp"

namespace grapevine::sql {
namespace {

constexpr std::int64_t kDay = 86'400;
// 0000-01-01 00:00:00 and 9999-12-31 23:59:59.
constexpr std::int64_t kFirstSecond = -62'167'219'200;
constexpr std::int64_t kLastSecond = 253'402'300'799;

struct Date {
  std::int64_t year;
  std::uint32_t month;
  std::uint32_t day;
};

// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
Date date_of(std::int64_t day) {
  day += 719'468;  // From 0000-03-01 on: years end with February.
  const std::int64_t era = (day >= 0 ? day : day - 146'096) / 146'097;
  const auto of_era = static_cast<std::uint32_t>(day - era * 146'097);
  const std::uint32_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::uint32_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::uint32_t month = (5 * of_year + 2) / 153;
  return {std::int64_t{year} + era * 400 + (month >= 10 ? 1 : 0),
          month < 10 ? month + 3 : month - 9, of_year - (153 * month + 2) / 5 + 1};
}

constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

char* DateText::write(char* at, std::int64_t day) {
  if (day != day_) {
    const Date date = date_of(day);
    const auto year = static_cast<std::uint64_t>(std::clamp<std::int64_t>(date.year, 0, 9999));
    char* to = write_digits(text_.data(), year, 4);
    *to++ = '-';
    to = write_two_digits(to, date.month);
    *to++ = '-';
    write_two_digits(to, date.day);
    day_ = day;
  }
  std::memcpy(at, text_.data(), text_.size());
  return at + 10;
}

ZoneClock::ZoneClock(const std::string& zone)
    : zone_(absl::UTCTimeZone()),
      last_{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), 0} {
  if (zone != "UTC" && absl::LoadTimeZone(zone, &zone_)) last_.to = last_.from;
}

void ZoneClock::find(std::int64_t time_s) {
  const auto after = std::upper_bound(
      known_.begin(), known_.end(), time_s,
      [](std::int64_t time, const Stretch& stretch) { return time < stretch.from; });
  if (after != known_.begin() && time_s < (after - 1)->to) {
    last_ = *(after - 1);
    return;
  }
  const auto moment_of = [this](const absl::TimeZone::CivilTransition& change) {
    return absl::ToUnixSeconds(zone_.At(change.to).trans);
  };
  const absl::Time time = absl::FromUnixSeconds(time_s);
  absl::TimeZone::CivilTransition change;
  last_ = {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
           zone_.At(time).offset};
  if (zone_.PrevTransition(time + absl::Seconds(1), &change)) last_.from = moment_of(change);
  if (zone_.NextTransition(time, &change)) last_.to = moment_of(change);
  // A zone of which the library says something odd still gets the right offset, one time at a time.
  if (time_s < last_.from || time_s >= last_.to) last_.from = time_s, last_.to = time_s + 1;
  constexpr std::size_t kKnownMax = 4096;
  if (known_.size() >= kKnownMax) known_.clear();
  known_.insert(std::upper_bound(
                    known_.begin(), known_.end(), last_.from,
                    [](std::int64_t from, const Stretch& stretch) { return from < stretch.from; }),
                last_);
}

TimeText::TimeText(TimeStyle style, const std::string& zone, std::size_t scale)
    : style_(style), scale_(scale), clock_(style == TimeStyle::Simple ? zone : "UTC") {
  for (std::size_t i = 0; i < scale; ++i) units_ *= 10;
}

char* TimeText::write_clock(char* at, std::int64_t second) {
  // Far times are as far as the year 9999 goes, on the clocks of any zone.
  second = std::clamp(second, kFirstSecond - 2 * kDay, kLastSecond + 2 * kDay);
  const std::int64_t clamped = std::clamp(clock_.shown(second), kFirstSecond, kLastSecond);
  auto of_day = static_cast<std::uint64_t>(clamped - day_ * kDay);
  if (of_day >= static_cast<std::uint64_t>(kDay)) {
    day_ = floor_divide(clamped, kDay);
    of_day = static_cast<std::uint64_t>(clamped - day_ * kDay);
  }
  at = date_.write(at, day_);
  *at++ = style_ == TimeStyle::Iso ? 'T' : ' ';
  const auto seconds = static_cast<std::uint32_t>(of_day);
  at = write_two_digits(at, seconds / 3600);
  *at++ = ':';
  at = write_two_digits(at, seconds / 60 % 60);
  *at++ = ':';
  return write_two_digits(at, seconds % 60);
}

char* TimeText::write(char* at, std::int64_t time) {
  std::int64_t second = scale_ == 0 ? time : floor_divide(time, units_);
  auto rest = static_cast<std::uint64_t>(time - second * units_);
  if (style_ == TimeStyle::Unix) {
    if (second < 0 && rest != 0) {  // -1.5 is two seconds before 1970 and a half one after.
      ++second;
      rest = static_cast<std::uint64_t>(units_) - rest;
      if (second == 0) *at++ = '-';
    }
    at = write_signed(at, second);
  } else {
    at = write_clock(at, second);
  }
  if (scale_ != 0) {
    *at++ = '.';
    at = write_digits(at, rest, scale_);
  }
  if (style_ == TimeStyle::Iso) *at++ = 'Z';
  return at;
}

}  // namespace grapevine::sql
