#pragma once

#include <cstdint>

namespace grapevine::sql {

inline constexpr std::int64_t kSecondsOfDay = 86'400;

/// The quotient rounded down. Precondition: divisor > 0.
constexpr std::int64_t floor_div(std::int64_t value, std::int64_t divisor) {
  const std::int64_t quotient = value / divisor;
  return quotient - (value % divisor < 0 ? 1 : 0);
}
constexpr std::int64_t floor_mod(std::int64_t value, std::int64_t divisor) {
  const std::int64_t rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

/// A day of the Gregorian calendar, which is thought on before 1582.
struct CivilDay {
  std::int64_t year = 1970;
  std::int32_t month = 1;  ///< 1 to 12.
  std::int32_t day = 1;    ///< 1 to 31.
};

/// Days since 1970-01-01 as a date. Source: years are counted from March, so that the leap day is the
/// last of a year; 400 of them have 146,097 days (E. G. Richards, Explanatory Supplement, 2013).
constexpr CivilDay civil_of_day(std::int64_t day_number) {
  const std::int64_t shifted = day_number + 719'468;  // Since 0000-03-01.
  const std::int64_t era = floor_div(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * day_of_year + 2) / 153;
  CivilDay civil;
  civil.day = static_cast<std::int32_t>(day_of_year - (153 * march_month + 2) / 5 + 1);
  civil.month = static_cast<std::int32_t>(march_month < 10 ? march_month + 3 : march_month - 9);
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  return civil;
}

/// The other way. `month` is 1 to 12; `day` may be any number.
constexpr std::int64_t day_of_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t march_year = year - (month <= 2 ? 1 : 0);
  const std::int64_t era = floor_div(march_year, 400);
  const std::int64_t year_of_era = march_year - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

/// 1 (Monday) to 7.
constexpr std::int32_t weekday_of_day(std::int64_t day_number) {
  return static_cast<std::int32_t>(floor_mod(day_number + 3, 7)) + 1;
}

constexpr bool is_leap_year(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr std::int32_t days_of_month(std::int64_t year, std::int32_t month) {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

constexpr std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace grapevine::sql
