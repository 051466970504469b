#pragma once

#include <cstdint>
#include <span>

#include "api/sql/tables/event_conditions.hpp"
#include "api/sql/tables/store_pools.hpp"
#include "kernels/query/column.hpp"
#include "storage/snapshot.hpp"

namespace grapevine::sql {

/// Some rows of a run: those of [begin, end) that are `chosen` (counted from `begin`, ascending), or
/// all of them.
struct RowsOfRun {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::span<const std::uint32_t> chosen = {};
  bool all = true;

  [[nodiscard]] std::size_t count() const { return all ? end - begin : chosen.size(); }
  [[nodiscard]] std::size_t row(std::size_t i) const { return begin + (all ? i : chosen[i]); }
};

/// A column of `events` as a column of a query. `type` is what the query takes it for.
/// Cost: some nanoseconds a value.
ColumnPtr read_column(const Snapshot& snapshot, StorePools& pools, const Run& run,
                      const EventColumn& column, const DataType& type, const RowsOfRun& rows);

}  // namespace grapevine::sql
