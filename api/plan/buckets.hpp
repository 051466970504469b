#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "storage/ids.hpp"

namespace grapevine {

/// Whether a stretch of time can be cut into pieces of `every` milliseconds that fit the calendar:
/// whole days, or a part of a day that divides it and is a multiple of `least`.
bool is_bucket_width(TimeMs every, TimeMs least);

/// Where the buckets that hold [from, to) begin, in order, and where the last one ends. Buckets of days begin
/// at midnight of `timezone`, those of weeks on a Monday; shorter ones count from the midnight
/// before `from`. Empty: there would be more than `buckets_max`.
/// Precondition: from < to, is_bucket_width(every).
std::vector<TimeMs> bucket_bounds(TimeMs from, TimeMs to, TimeMs every, std::string_view timezone,
                                  std::size_t buckets_max);

}  // namespace grapevine
