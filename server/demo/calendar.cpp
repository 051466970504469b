#include "server/demo/calendar.hpp"

#include <cstddef>
#include <numeric>

#include "server/demo/random.hpp"

namespace grapevine::demo {
namespace {

constexpr std::int64_t kSeoulOffsetMs = 9 * kHourMs;
constexpr std::size_t kHours = kWindowDays * 24;
constexpr std::size_t kSlots = std::size_t{1} << 17;

// How busy an hour of the day is, from midnight: evenings for shops, also lunch for talk.
constexpr std::uint32_t kShoppingHours[24] = {14, 8,  4,  2,  2,  3,  6,  12, 18, 22, 26, 28,
                                              34, 30, 26, 26, 28, 30, 34, 42, 54, 60, 52, 30};
constexpr std::uint32_t kTalkingHours[24] = {26, 16, 8,  4,  2,  3,  8,  20, 28, 22, 20, 24,
                                             44, 36, 22, 20, 22, 26, 34, 38, 44, 52, 56, 44};
constexpr std::uint32_t kOfficeHours[24] = {2,  1,  1,  1,  1,  1,  3,  8,  26, 48, 54, 48,
                                            30, 46, 50, 48, 44, 36, 24, 16, 14, 12, 8,  4};

// How busy a day of the week is, from Monday.
constexpr std::uint32_t kShoppingDays[7] = {20, 19, 19, 20, 24, 34, 36};
constexpr std::uint32_t kTalkingDays[7] = {22, 22, 22, 22, 26, 28, 28};
constexpr std::uint32_t kOfficeDays[7] = {30, 26, 25, 25, 24, 8, 6};

struct Busyness {
  const std::uint32_t* hours;
  const std::uint32_t* days;
};

Busyness busyness_of(Calendar::Habit habit) {
  switch (habit) {
    case Calendar::Habit::Shopping: return {kShoppingHours, kShoppingDays};
    case Calendar::Habit::Talking: return {kTalkingHours, kTalkingDays};
    case Calendar::Habit::Office: return {kOfficeHours, kOfficeDays};
  }
  return {kShoppingHours, kShoppingDays};
}

std::uint64_t weight_of(std::int64_t local_ms, std::size_t hour_of_window, const Busyness& busy) {
  const auto hour = static_cast<std::size_t>(local_ms / kHourMs % 24);
  const auto weekday =
      static_cast<std::size_t>((local_ms / kDayMs + 3) % 7);  // 1970 began on a Thursday.
  const std::size_t day_of_window = hour_of_window / 24;
  const std::uint64_t growth = 100 + 30 * day_of_window / kWindowDays;
  const std::uint64_t sale = day_of_window % 30 == 24 || day_of_window % 30 == 25 ? 18 : 10;
  return growth * sale * busy.hours[hour] * busy.days[weekday];
}

}  // namespace

Calendar::Calendar(std::int64_t start_ms, Habit habit) {
  const Busyness busy = busyness_of(habit);
  std::vector<std::uint64_t> before(kHours + 1);
  for (std::size_t i = 0; i < kHours; ++i) {
    const auto local_ms = start_ms + static_cast<std::int64_t>(i) * kHourMs + kSeoulOffsetMs;
    before[i + 1] = before[i] + weight_of(local_ms, i, busy);
  }
  hours_.resize(kSlots);
  std::size_t hour = 0;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    while (before[hour + 1] <= before.back() / kSlots * slot) ++hour;
    hours_[slot] = static_cast<std::uint16_t>(hour);
  }
}

std::int64_t Calendar::draw(std::uint64_t bits) const {
  const std::int64_t hour = hours_[below(bits, kSlots)];
  return hour * kHourMs + static_cast<std::int64_t>(below(bits << 32, kHourMs));
}

}  // namespace grapevine::demo
