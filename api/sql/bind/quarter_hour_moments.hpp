#pragma once

#include "api/sql/bind/bound.hpp"

namespace grapevine::sql {

/// The one column of moments that an expression reads, where nothing finer than quarters of an hour
/// of it matters; nullptr: there is none.
const Bound* quarter_hour_moments(const Bound& expression);

}  // namespace grapevine::sql
