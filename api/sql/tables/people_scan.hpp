#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/tables/table.hpp"
#include "storage/customers.hpp"
#include "storage/ids.hpp"

namespace grapevine::sql {

/// What is known of people, as a column of a table with a row a person.
struct PeopleColumn {
  enum class Of : std::uint8_t { Id, Times, Attribute, Unread };
  Of of = Of::Id;
  DataType type;
  std::shared_ptr<const std::vector<TimeMs>> times = nullptr;  ///< kNever: NULL.
  std::shared_ptr<const AttributeColumn> attribute = nullptr;  ///< nullptr: NULL for all.
};

/// Everyone of the snapshot as rows, a morsel for each AttributeChunk::kCustomers numbers. Conditions
/// on attributes are tested as segments do, before any row is made.
/// Shapes  `columns`: those of the request, in its order.
/// Errors  Cancelled: the query's Stop fired.
absl::StatusOr<Scan> scan_people(std::vector<PeopleColumn> columns, const ScanRequest& request,
                                 QueryContext& context);

}  // namespace grapevine::sql
