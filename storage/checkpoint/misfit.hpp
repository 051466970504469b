#pragma once

#include <string_view>

#include "storage/imports.hpp"
#include "storage/part.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What a run refers to though `state`, which knows all but the rows, does not have it: an event, a
/// customer, a column or a code; empty: nothing. Precondition: is_sound(run).
/// Cost: a pass over the codes, targets and identities.
std::string_view misfit(const Run& run, const Snapshot& state);

/// What is wrong with persons, attributes, authors and imports that came from a file: numbers of
/// customers that there are not; empty: nothing. Cost: a pass over the customers and the authors.
std::string_view misfit(const Snapshot& state, const Imports& imports);

}  // namespace grapevine
