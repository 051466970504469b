#pragma once

#include <vector>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// `edges`: a row for each pair of whom one listens to the other, of all social events up to the
/// query's moment. The weight is the share of the listener's attention; the probability that of the
/// weighted cascade.
class EdgeTable final : public Table {
 public:
  EdgeTable();

  [[nodiscard]] const std::vector<TableColumn>& columns() const override { return columns_; }
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override;

 private:
  std::vector<TableColumn> columns_;
};

}  // namespace grapevine::sql
