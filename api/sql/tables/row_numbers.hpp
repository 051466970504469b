#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "api/sql/bind/bound.hpp"
#include "api/sql/tables/event_conditions.hpp"
#include "api/sql/tables/read_run.hpp"
#include "storage/part.hpp"

namespace grapevine::sql {

/// Numbers rows of events by what they are grouped by, where that follows from the quarter of an hour in
/// which they happened, their event's name, and columns of few different strings: the numbers of
/// these, each times a stride. Immutable.
class RowNumbers {
 public:
  /// For rows that `selection` means. Shapes: `keys` are over `columns`.
  /// nullptr: a key follows from something else, or there are too many numbers for the rows.
  static std::shared_ptr<const RowNumbers> make(std::span<const BoundPtr> keys,
                                                std::span<const EventColumn> columns,
                                                const EventSelection& selection,
                                                QueryContext& context);

  /// Numbers are below it.
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Of rows of a run. Cost: about a nanosecond a row, and half of one for each column of strings.
  [[nodiscard]] ColumnPtr of(const Run& run, const RowsOfRun& rows) const;
  /// What rows with these numbers are grouped by: a column a key, a row a number.
  [[nodiscard]] std::vector<ColumnPtr> keys(std::span<const std::uint32_t> numbers) const;

 private:
  // A key's share of a number.
  struct Key {
    enum class Of : std::uint8_t { Time, Event, Codes };
    Of of = Of::Codes;
    ColumnId id{};  // Of Codes.
    std::size_t count = 0;
    std::uint32_t stride = 1;
    ColumnPtr values;  // By the key's number.
  };

  bool add_time(const BoundPtr& key, TimeMs first, TimeMs last);
  void add_events(QueryContext& context);
  bool add_codes(ColumnId column, const DataType& type, const EventSelection& selection,
                 QueryContext& context);
  void add(Key key);

  std::vector<Key> keys_;
  std::size_t count_ = 1;
  TimeMs from_ = 0;                        // Where the first quarter begins.
  std::vector<std::uint32_t> by_quarter_;  // Shares of all keys of time together; empty: none.
};

}  // namespace grapevine::sql
