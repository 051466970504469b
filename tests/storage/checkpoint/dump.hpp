#pragma once

#include <string>
#include <vector>

#include "storage/snapshot.hpp"

namespace grapevine::testing {

/// All that a snapshot shows, a line for each thing: rows in order of arrival with every value and
/// its type, customers with their attributes, columns, counts, authors and documents. Equal
/// snapshots have equal lines, however their parts are cut.
std::vector<std::string> dump(const Snapshot& snapshot);

}  // namespace grapevine::testing
