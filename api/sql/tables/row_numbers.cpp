#include "api/sql/tables/row_numbers.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "api/sql/bind/quarter_hour_moments.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/quarters_read.hpp"
#include "kernels/query/group_table.hpp"
#include "kernels/segment/bit_bytes.hpp"

namespace grapevine::sql {
namespace {

// So many are always worth their place; more where there are many rows for each.
constexpr std::size_t kFewNumbers = 4096;
constexpr std::size_t kRowsPerNumber = 16;
constexpr std::size_t kNumbersMax = std::size_t{1} << 17;

// Calls `body(i, row)` for each of the rows, `row` counted from the first.
template <typename Body>
void for_each_row_of(const RowsOfRun& rows, const Body& body) {
  if (rows.all) {
    for (std::size_t i = 0; i < rows.end - rows.begin; ++i) body(i, i);
  } else {
    for (std::size_t i = 0; i < rows.chosen.size(); ++i) body(i, rows.chosen[i]);
  }
}

// Whether every run that the selection reads has codes there, or nothing.
bool has_codes(const Snapshot& snapshot, const EventSelection& selection, ColumnId column) {
  for (const auto& part : snapshot.parts()) {
    for (const EventNameId event : selection.events) {
      const LiveRun* const run = part->run(event);
      const RunColumn* const stored = run == nullptr ? nullptr : (*run)->column(column);
      if (stored != nullptr && !std::holds_alternative<grapevine::CodeValues>(stored->values)) {
        return false;
      }
    }
  }
  return true;
}

// A pool's strings, behind NULL.
ColumnPtr codes_column(std::shared_ptr<const StringPool> pool, std::size_t count, bool with_null) {
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->type.nullable = with_null;
  const std::size_t first = with_null ? 1 : 0;
  std::vector<std::uint32_t> codes(count + first);
  for (std::size_t i = first; i < codes.size(); ++i) {
    codes[i] = static_cast<std::uint32_t>(i - first);
  }
  column->rows = codes.size();
  if (with_null) {
    column->nulls.assign(codes.size(), 0);
    column->nulls[0] = 1;
  }
  column->values = PooledValues{std::move(codes), std::move(pool)};
  return column;
}

// Makes each row's number what its quarter of an hour says.
void put_quarters(const Run& run, const RowsOfRun& rows, TimeMs from,
                  std::span<const std::uint32_t> by_quarter, std::span<std::uint32_t> numbers) {
  constexpr auto kQuarter = static_cast<std::uint64_t>(kQuarterHourMs);
  const auto base = static_cast<TimeMs>(run.times.base() ^ Run::kSignBit);
  // The base's own quarter, which may lie before the first one, and what has passed of it.
  const TimeMs quarter = base / kQuarterHourMs - from / kQuarterHourMs;
  const auto begun = static_cast<std::uint64_t>(base % kQuarterHourMs);
  const bool is_short = static_cast<std::uint64_t>(run.last - base) + begun <=
                        std::numeric_limits<std::uint32_t>::max();
  run.times.visit([&](const auto offsets) {
    const auto some = offsets.subspan(rows.begin, rows.end - rows.begin);
    // First the quarters since the base's own, several at a time; then a look at each.
    if (is_short) {
      const auto begun32 = static_cast<std::uint32_t>(begun);
      constexpr auto kQuarter32 = static_cast<std::uint32_t>(kQuarter);
      for_each_row_of(rows, [&, to = numbers.data()](std::size_t i, std::size_t row) {
        to[i] = (static_cast<std::uint32_t>(some[row]) + begun32) / kQuarter32;
      });
    } else {
      for_each_row_of(rows, [&, to = numbers.data()](std::size_t i, std::size_t row) {
        to[i] = static_cast<std::uint32_t>((some[row] + begun) / kQuarter);
      });
    }
  });
  for (std::uint32_t& number : numbers) {
    number = by_quarter[static_cast<std::size_t>(quarter + static_cast<TimeMs>(number))];
  }
}

void add_codes_of(const RunColumn& column, const RowsOfRun& rows, std::uint32_t stride,
                  std::span<std::uint32_t> numbers) {
  const PackedUints& codes = std::get<grapevine::CodeValues>(column.values).codes;
  const auto base = static_cast<std::uint32_t>(codes.base() + 1) * stride;  // 0 is NULL.
  codes.visit([&](const auto offsets) {
    const auto some = offsets.subspan(rows.begin, rows.end - rows.begin);
    const auto share = [&](std::size_t row) {
      return base + static_cast<std::uint32_t>(some[row]) * stride;
    };
    if (column.present.empty()) {
      for_each_row_of(rows, [&](std::size_t i, std::size_t row) { numbers[i] += share(row); });
      return;
    }
    std::vector<std::uint8_t> present(rows.end - rows.begin);
    bytes_of_bits(column.present, rows.begin, present);
    for_each_row_of(rows, [&](std::size_t i, std::size_t row) {
      numbers[i] += share(row) & (0 - std::uint32_t{present[row]});
    });
  });
}

}  // namespace

std::shared_ptr<const RowNumbers> RowNumbers::make(std::span<const BoundPtr> keys,
                                                   std::span<const EventColumn> columns,
                                                   const EventSelection& selection,
                                                   QueryContext& context) {
  const RowsRead read = rows_read(*context.snapshot, selection);
  if (keys.empty() || read.first > read.last) return nullptr;
  const std::size_t most =
      std::clamp<std::size_t>(read.rows / kRowsPerNumber, kFewNumbers, kNumbersMax);
  auto made = std::make_shared<RowNumbers>();
  for (const BoundPtr& key : keys) {
    const bool is_column = key->kind == Bound::Kind::Column;
    const EventColumn column = is_column ? columns[key->column] : EventColumn{};
    if (is_column && column.of == EventColumn::Of::Event) {
      made->add_events(context);
    } else if (is_column && column.of == EventColumn::Of::Stored) {
      if (!made->add_codes(column.id, key->type, selection, context)) return nullptr;
    } else {
      const Bound* const moments = quarter_hour_moments(*key);
      if (moments == nullptr || columns[moments->column].of != EventColumn::Of::Time ||
          !made->add_time(key, read.first, read.last)) {
        return nullptr;
      }
    }
    if (made->count_ > most) return nullptr;
  }
  const bool by_rows = std::any_of(made->keys_.begin(), made->keys_.end(),
                                   [](const Key& key) { return key.of != Key::Of::Event; });
  if (!by_rows) return nullptr;  // Whole blocks are of one group.
  return made;
}

void RowNumbers::add(Key key) {
  key.stride = static_cast<std::uint32_t>(count_);
  // Beyond 2^32 nobody reads on.
  count_ =
      key.count > kNumbersMax ? kNumbersMax + 1 : std::min(count_ * key.count, kNumbersMax + 1);
  keys_.push_back(std::move(key));
}

bool RowNumbers::add_time(const BoundPtr& key, TimeMs first, TimeMs last) {
  const auto by_quarter = by_quarter_hour(key, first, last);
  if (!by_quarter) return false;
  const std::size_t quarters = by_quarter->values->rows;
  std::vector<std::uint32_t> groups(quarters);
  GroupTable table({key->type});
  table.assign(std::span(&by_quarter->values, 1), quarters, groups);
  const auto stride = static_cast<std::uint32_t>(count_);
  add({Key::Of::Time, {}, table.size(), 1, table.keys()[0]});
  from_ = by_quarter->from;
  by_quarter_.resize(quarters);
  for (std::size_t i = 0; i < quarters; ++i) by_quarter_[i] += groups[i] * stride;
  return true;
}

void RowNumbers::add_events(QueryContext& context) {
  const std::size_t count = context.snapshot->event_names().size();
  add({Key::Of::Event, {}, count, 1, codes_column(context.pools.event_names(), count, false)});
}

bool RowNumbers::add_codes(ColumnId column, const DataType& type, const EventSelection& selection,
                           QueryContext& context) {
  const ColumnInfo& info = context.snapshot->columns()[index(column)];
  if (type.id != TypeId::String || info.dictionary == nullptr ||
      !has_codes(*context.snapshot, selection, column)) {
    return false;
  }
  const std::size_t count = info.dictionary->size();
  if (count >= kNumbersMax) return false;
  add({Key::Of::Codes, column, count + 1, 1,
       codes_column(context.pools.of(info.dictionary), count, true)});
  return true;
}

ColumnPtr RowNumbers::of(const Run& run, const RowsOfRun& rows) const {
  auto column = new_fixed(plain(TypeId::UInt32), rows.count());
  const std::span<std::uint32_t> numbers = column->fixed<std::uint32_t>();
  std::uint32_t common = 0;
  for (const Key& key : keys_) {
    if (key.of == Key::Of::Event) common += index(run.event) * key.stride;
  }
  if (by_quarter_.empty()) {
    std::fill(numbers.begin(), numbers.end(), common);
  } else {
    put_quarters(run, rows, from_, by_quarter_, numbers);
    for (std::uint32_t& number : numbers) number += common;
  }
  for (const Key& key : keys_) {
    if (key.of != Key::Of::Codes) continue;
    const RunColumn* const stored = run.column(key.id);
    if (stored != nullptr) add_codes_of(*stored, rows, key.stride, numbers);
  }
  return column;
}

std::vector<ColumnPtr> RowNumbers::keys(std::span<const std::uint32_t> numbers) const {
  std::vector<ColumnPtr> columns;
  for (const Key& key : keys_) {
    std::vector<std::uint32_t> own(numbers.size());
    for (std::size_t i = 0; i < own.size(); ++i) {
      own[i] = static_cast<std::uint32_t>(numbers[i] / key.stride % key.count);
    }
    columns.push_back(gather(key.values, own));
  }
  return columns;
}

}  // namespace grapevine::sql
