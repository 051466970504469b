#pragma once

#include <optional>
#include <string_view>

#include "api/parse/query_reader.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// A query parameter that is a duration: `15m`, `4h`, `2d`, `6w`, up to `most`.
std::optional<TimeMs> take_duration(QueryReader& query, std::string_view name, TimeMs most);

/// The longest target time.
inline constexpr TimeMs kTargetMax = TimeMs{366} * 24 * 3'600'000;

}  // namespace grapevine
