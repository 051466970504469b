#pragma once

#include <memory>
#include <vector>

#include "api/sql/tables/event_conditions.hpp"
#include "api/sql/tables/table.hpp"
#include "storage/snapshot.hpp"

namespace grapevine::sql {

/// `events`: a row an event, in order of parts, names, customers and times. Conditions on event, ts,
/// customer_id and stored columns skip parts, runs and rows before they are decoded.
class EventTable final : public Table {
 public:
  explicit EventTable(const Snapshot& snapshot);

  [[nodiscard]] const std::vector<TableColumn>& columns() const override { return columns_; }
  [[nodiscard]] std::optional<std::size_t> customer_column() const override { return 2; }
  CustomerChoice choose_customers(const ScanRequest& request, std::span<const CustomerTest> tests,
                                  QueryContext& context) const override;
  absl::StatusOr<std::shared_ptr<const BlockSource>> measure_customers(
      const ScanRequest& request, std::span<const CustomerMeasure> measures,
      QueryContext& context) const override;
  absl::StatusOr<std::shared_ptr<const BlockSource>> count_people(
      const ScanRequest& request, const BoundPtr& key, std::span<const CustomerMeasure> counts,
      QueryContext& context) const override;
  absl::StatusOr<NumberedScan> scan_numbered(const ScanRequest& request,
                                             std::span<const BoundPtr> keys,
                                             std::span<const BoundPtr> read,
                                             QueryContext& context) const override;
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override;

 private:
  [[nodiscard]] std::vector<EventColumn> columns_of(const ScanRequest& request) const;

  std::vector<TableColumn> columns_;
  std::vector<EventColumn> kept_;  // What each of them is.
};

/// How the store's types are called in SQL; NULL is allowed.
DataType type_of_stored(ValueType type);

}  // namespace grapevine::sql
