#pragma once

#include <vector>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// `influence`: a row a person, with every score and label; NULL for those outside of the graph.
/// Only the scores that are read are computed.
class InfluenceTable final : public Table {
 public:
  InfluenceTable();

  [[nodiscard]] const std::vector<TableColumn>& columns() const override { return columns_; }
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override;

 private:
  std::vector<TableColumn> columns_;
};

}  // namespace grapevine::sql
