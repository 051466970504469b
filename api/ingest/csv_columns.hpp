#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/collect/cell_writer.hpp"
#include "api/ingest/import_format.hpp"

namespace grapevine {

/// What the fields under one name of a CSV header are.
struct CsvColumn {
  enum class Role : std::uint8_t { Time, Event, UserId, AnonymousId, MessageId, Value };
  Role role = Role::Value;
  /// Of a Value: its family, its name there, and whether it stays text whatever it looks like.
  Family family = Family::Properties;
  std::string name;
  bool is_text = false;
};

/// Reads the header of a table. Events have `event`, `ts` (or `timestamp`), `customer_id` (or
/// `user_id`), `anonymous_id`, `event_id` (or `message_id`); `context.NAME` and `properties.NAME`
/// say where they belong, any other name is a property. Customers have `customer_id`, perhaps `ts`;
/// any other name is a trait.
/// Errors  Malformed: a name is empty, too long or there twice; a column that the table needs is
///         not there.
absl::StatusOr<std::vector<CsvColumn>> read_csv_header(const std::vector<std::string_view>& names,
                                                       ImportTable table);

}  // namespace grapevine
