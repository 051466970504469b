#pragma once

#include <string>
#include <vector>

#include "api/plan/attribute_catalog.hpp"
#include "api/sql/tables/table.hpp"
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

}  // namespace grapevine::sql
