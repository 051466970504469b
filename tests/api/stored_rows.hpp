#pragma once

#include <map>
#include <string>
#include <vector>

#include "storage/snapshot.hpp"

namespace grapevine {

/// A row as text, by column; null ones are absent.
using TextRow = std::map<std::string, std::string>;

/// Every row of `events` in the order of arrival. Times are epoch milliseconds; event_id is there
/// where it was sent, target_id where it is explicit.
std::vector<TextRow> stored_events(const Snapshot& snapshot);

/// The attributes of every customer, by customer_id.
std::map<std::string, TextRow> stored_customers(const Snapshot& snapshot);

}  // namespace grapevine
