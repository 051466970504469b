#pragma once

#include <cstdint>

#include "kernels/query/functions/civil.hpp"

namespace grapevine::sql {

struct YearWeek {
  std::int64_t year;
  std::int64_t week;
};

/// The week of a day by MySQL's modes 0 to 9, of which bit 0 says that weeks begin on Mondays, bit 1 that they are
/// of the year that most of their days are in rather than counted from 0, bit 2 how the first is found; 8 and 9 have
/// the first week begin at January 1. `always_year`: week 0 goes to the year before.
YearWeek week_of(std::int64_t day_number, unsigned mode, bool always_year);

/// The ISO year, whose first week has the year's first Thursday.
std::int64_t iso_year_of(std::int64_t day_number);
/// The Monday that an ISO year begins with.
std::int64_t start_of_iso_year(std::int64_t year);
/// The first day of a day's week: a Sunday, or a Monday where the mode's bit 0 is set.
std::int64_t start_of_week(std::int64_t day_number, unsigned mode);

}  // namespace grapevine::sql
