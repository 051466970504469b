#pragma once

#include <optional>

#include "api/parse/query_reader.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// The query parameter `every` of listening: whole days or weeks, or a part of a day that divides it,
/// from a minute on.
std::optional<TimeMs> take_every(QueryReader& query);

}  // namespace grapevine
