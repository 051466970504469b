#pragma once

#include <cstdint>
#include <functional>
#include <map>
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

/// What columns of a header are to be read as: by the name that stands there.
using ColumnNames = std::map<std::string, std::string, std::less<>>;

/// Reads the header of a table. A name that `map` has is read as the one it gives. Events have `event`, `ts` (or `timestamp`), `customer_id` (or
/// `user_id`), `anonymous_id`, `event_id` (or `message_id`); `context.NAME` and `properties.NAME`
/// say where they belong, any other name is a property. Customers have `customer_id`, perhaps `ts`;
/// any other name is a trait.
/// Errors  Malformed: a name is empty, too long or there twice; a column that the table needs is
///         not there. Unprocessable: the header has no name that `map` has.
absl::StatusOr<std::vector<CsvColumn>> read_csv_header(const std::vector<std::string_view>& names,
                                                       ImportTable table, const ColumnNames& map);

}  // namespace grapevine
