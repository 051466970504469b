#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "storage/part.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Writes rows of one run as JSON objects, by the names of the columns of `events`: `event_id`, `ts`,
/// `event`, `target_id` and every column that has a value. Not thread-safe; refers to its arguments.
class EventJson {
 public:
  EventJson(const Snapshot& snapshot, const Run& run);
  ~EventJson();
  void write(JsonWriter& json, std::size_t row);

 private:
  struct Column;

  const Snapshot& snapshot_;
  const Run& run_;
  MessageIdReader message_ids_;
  std::vector<Column> columns_;
};

/// The `event_id` of a row that came without a messageId: "row-" and its number in the store.
std::string derived_event_id(std::uint64_t sequence);

}  // namespace grapevine
