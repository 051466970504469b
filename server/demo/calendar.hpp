#pragma once

#include <cstdint>
#include <vector>

namespace grapevine::demo {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::int64_t kWindowDays = 180;
constexpr std::int64_t kWindowMs = kWindowDays * kDayMs;

/// When things happen: hours of the day and days of the week of Seoul, a slow growth over the
/// window, and a sale of two days a month. All times inside the world are milliseconds from the
/// start of the window. Immutable: read by any number of threads.
class Calendar {
 public:
  enum class Habit : std::uint8_t { Shopping, Talking, Office };

  /// `start_ms` is the start of the window, since 1970.
  Calendar(std::int64_t start_ms, Habit habit);

  /// A moment of the window, in [0, kWindowMs).
  [[nodiscard]] std::int64_t draw(std::uint64_t bits) const;

 private:
  std::vector<std::uint16_t> hours_;  // Each hour of the window as often as it is busy.
};

}  // namespace grapevine::demo
