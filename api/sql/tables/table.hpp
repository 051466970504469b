#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/bind/bound.hpp"
#include "api/sql/execute/block_source.hpp"
#include "api/sql/tables/value_condition.hpp"
#include "kernels/query/data_type.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine::sql {

struct QueryContext;

struct TableColumn {
  std::string name;
  DataType type;
  std::string comment = {};
};

/// Which rows and columns of a table are wanted.
struct ScanRequest {
  std::vector<std::size_t> columns;  ///< By number, in the order in which blocks shall have them.
  /// Conditions that all must hold; their columns are places in `columns`.
  std::vector<BoundPtr> conditions;
  /// How many of the columns, the first ones, are read behind the scan too: of the others, which are
  /// there for the conditions alone, anything may stand in blocks once those are seen to.
  std::size_t shown = ~std::size_t{0};
  /// A morsel shall hold all rows of the customers it has any rows of, where the table can do that.
  bool by_customer = false;
};

/// How a table is read.
struct Scan {
  std::shared_ptr<const BlockSource> source;
  /// Of the conditions those that the source does not see to.
  std::vector<BoundPtr> left;
  std::string notes;  ///< For EXPLAIN: what the source does with the others.
  /// Morsel m has the customers [m, m + 1) × this, all rows of each; 0: not so.
  std::size_t customers_per_morsel = 0;
};

/// How a table is read whose rows know their groups: each block has a column more, the last one, of a
/// number for each row (UInt32).
struct NumberedScan {
  Scan scan;              ///< No source: it cannot be read so.
  std::size_t count = 0;  ///< Numbers are below it.
  /// What rows with these numbers are grouped by: a column a key, a row a number.
  std::function<std::vector<ColumnPtr>(std::span<const std::uint32_t>)> keys;
};

/// A comparison of an aggregate of a customer's rows with a constant.
struct CustomerTest {
  std::string_view function;     ///< The aggregate's name; empty: another one than its name says.
  std::span<const BoundPtr> of;  ///< Its arguments, over the columns of a request.
  Compare compare = Compare::Equal;  ///< The aggregate is on the left.
  ColumnPtr value;
};

/// Finds customers. Errors: Cancelled. Empty: there is no way to.
using CustomerChoice = std::function<absl::StatusOr<CustomerSet>()>;

/// An aggregate of a customer's rows.
struct CustomerMeasure {
  const Aggregate* aggregate;
  std::string_view function;     ///< The aggregate's name; empty: another one than its name says.
  std::span<const BoundPtr> of;  ///< Its arguments, over the columns of a request.
  DataType type;                 ///< Of its result.
};

/// Something that a query may read. Immutable.
class Table {
 public:
  Table() = default;
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  virtual ~Table() = default;
  [[nodiscard]] virtual const std::vector<TableColumn>& columns() const = 0;
  /// The column that says whose a row is, where `scan` can read by customer; else none.
  [[nodiscard]] virtual std::optional<std::size_t> customer_column() const { return std::nullopt; }
  /// The customers who have any of the rows that satisfy the request's conditions, and for whose rows
  /// all tests hold, found as segments are; empty: not so, they must be grouped. Nothing is read before
  /// it is called. `context` outlives it.
  virtual CustomerChoice choose_customers(const ScanRequest& request,
                                          std::span<const CustomerTest> tests,
                                          QueryContext& context) const {
    (void)request, (void)tests, (void)context;
    return {};
  }
  /// For each customer with rows that satisfy the request's conditions what their rows come to, as
  /// rows of the customer and each measure; nullptr: not so, they must be grouped.
  virtual absl::StatusOr<std::shared_ptr<const BlockSource>> measure_customers(
      const ScanRequest& request, std::span<const CustomerMeasure> measures,
      QueryContext& context) const {
    (void)request, (void)measures, (void)context;
    return nullptr;
  }
  /// How many different customers have rows that satisfy the request's conditions, by a key over its
  /// columns that depends on the time alone: rows of the key and each measure, which are all counts of
  /// different customers. nullptr: not so, they must be grouped.
  virtual absl::StatusOr<std::shared_ptr<const BlockSource>> count_people(
      const ScanRequest& request, const BoundPtr& key, std::span<const CustomerMeasure> counts,
      QueryContext& context) const {
    (void)request, (void)key, (void)counts, (void)context;
    return nullptr;
  }
  /// The rows that satisfy the request's conditions, numbered by what they are grouped by. `read` is
  /// what is read of them beside.
  virtual absl::StatusOr<NumberedScan> scan_numbered(const ScanRequest& request,
                                                     std::span<const BoundPtr> keys,
                                                     std::span<const BoundPtr> read,
                                                     QueryContext& context) const {
    (void)request, (void)keys, (void)read, (void)context;
    return NumberedScan();
  }
  /// `context` outlives the source.
  virtual absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const = 0;
};
using TablePtr = std::shared_ptr<const Table>;

/// A table whose rows are made as a whole when they are first asked for.
class MadeTable final : public Table {
 public:
  /// Rows of all columns. Shapes: each block has the columns in their order.
  using Make = std::function<absl::StatusOr<std::vector<Block>>(QueryContext&)>;
  MadeTable(std::vector<TableColumn> columns, Make make)
      : columns_(std::move(columns)), make_(std::move(make)) {}

  [[nodiscard]] const std::vector<TableColumn>& columns() const override { return columns_; }
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override;

 private:
  std::vector<TableColumn> columns_;
  Make make_;
};

/// Blocks that stand in memory, a morsel each.
std::shared_ptr<const BlockSource> blocks_source(std::vector<Block> blocks);

}  // namespace grapevine::sql
