#pragma once

#include <vector>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// `segment_changes`: a row each time somebody came into a stored segment or left it, as kept.
/// Those who were in when the segment was filled first, or as of which older changes are folded,
/// entered then; the sum of what entered less what left is who is in. People are named as they are
/// known today; erased ones are left out.
class SegmentChangesTable final : public Table {
 public:
  SegmentChangesTable();

  [[nodiscard]] const std::vector<TableColumn>& columns() const override { return columns_; }
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override;

 private:
  std::vector<TableColumn> columns_;
};

}  // namespace grapevine::sql
