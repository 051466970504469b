#pragma once

#include <string>
#include <vector>

#include "api/plan/attribute_catalog.hpp"
#include "api/sql/tables/table.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/snapshot.hpp"

namespace grapevine::sql {

/// `customers`: a row a person, by number. customer_id, first_seen, last_seen, then every attribute by
/// the name that segments know it by; what is computed from behaviour is computed when it is read.
class CustomersTable final : public Table {
 public:
  explicit CustomersTable(const QueryContext& context);

  [[nodiscard]] const std::vector<TableColumn>& columns() const override { return columns_; }
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override;

 private:
  std::vector<TableColumn> columns_;
};

/// People of one snapshot as rows, and what is known of each. Attributes are given by the caller.
struct PeopleColumn {
  enum class Of : std::uint8_t { Id, Times, Attribute, Unread };
  Of of = Of::Id;
  DataType type;
  std::shared_ptr<const std::vector<TimeMs>> times = nullptr;  ///< kNever: NULL.
  std::shared_ptr<const AttributeColumn> attribute = nullptr;  ///< nullptr: NULL for all.
};
/// Of those people alone. A morsel for each AttributeChunk::kCustomers numbers.
std::shared_ptr<const BlockSource> people_source(std::vector<PeopleColumn> columns,
                                                 CustomerSet people, QueryContext& context);

}  // namespace grapevine::sql
