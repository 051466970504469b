#pragma once

#include <memory>
#include <vector>

#include "api/sql/tables/table.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine::sql {

/// `segments`: a row for each member of each stored segment, as of the query's moment. Only those
/// segments are evaluated for whose names the conditions hold.
class SegmentTable final : public Table {
 public:
  SegmentTable();

  [[nodiscard]] const std::vector<TableColumn>& columns() const override { return columns_; }
  /// Errors  BadArguments (36): a definition cannot be evaluated, with the segment's name.
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override;

 private:
  std::vector<TableColumn> columns_;
};

/// Some people under a name each.
struct NamedMembers {
  ColumnPtr name;  ///< A constant.
  CustomerSet members;
};
/// Rows of a name and a person each. `of_name`: by column, whether it is the name.
absl::StatusOr<std::shared_ptr<const BlockSource>> members_source(std::vector<NamedMembers> all,
                                                                  std::vector<bool> of_name,
                                                                  QueryContext& context);

}  // namespace grapevine::sql
