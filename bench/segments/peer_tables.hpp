#pragma once

#include <string>

#include <absl/status/status.h>

#include "storage/snapshot.hpp"

namespace grapevine::bench {

/// Writes what the peers are given: FOLDER/events.csv and FOLDER/customers.csv, with a header each.
/// Customers are our numbers, times milliseconds since 1970, an empty field is null; `sequence` is the
/// order of arrival.
absl::Status write_peer_tables(const Snapshot& snapshot, const std::string& folder);

}  // namespace grapevine::bench
