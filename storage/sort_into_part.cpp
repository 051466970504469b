#include <algorithm>
#include <bit>
#include <numeric>
#include <vector>

#include "storage/part_builder.hpp"
#include "storage/radix_sort.hpp"
#include "storage/run_columns.hpp"

namespace grapevine {
namespace {

// A row as one number that sorts by event, customer and time: event names are fewer than 2^20, and
// `rank` is a row's place in order of (time, sequence).
constexpr unsigned kRankBits = 12;
static_assert(DeltaBlock::kRows <= std::size_t{1} << kRankBits);

std::uint64_t sort_key(EventNameId event, CustomerId person, std::uint32_t rank) {
  return std::uint64_t{index(event)} << (32 + kRankBits) |
         std::uint64_t{index(person)} << kRankBits | rank;
}

CustomerId person_in(std::uint64_t key) {
  return CustomerId(static_cast<std::uint32_t>(key >> kRankBits));
}

std::uint64_t event_of(std::uint64_t key) { return key >> (32 + kRankBits); }

// The rows in order of time; those of one time stand in order of their sequence already.
std::vector<std::uint32_t> rows_by_time(const DeltaView& delta) {
  std::vector<std::uint32_t> rows(delta.rows);
  std::iota(rows.begin(), rows.end(), 0);
  const auto earlier = [&](std::uint32_t a, std::uint32_t b) {
    return delta.block->row(a).ts < delta.block->row(b).ts;
  };
  if (!std::is_sorted(rows.begin(), rows.end(), earlier)) {
    std::stable_sort(rows.begin(), rows.end(), earlier);
  }
  return rows;
}

// A cell, and which row of the run it belongs to.
struct PlacedCell {
  std::uint32_t row;
  const DeltaCell* cell;
};

// Makes the columns of one run after another; its memory serves them all.
class ColumnsOfRuns {
 public:
  void add(std::uint32_t row, const DeltaCell& cell) {
    const std::size_t column = index(cell.column);
    if (column >= cells_.size()) cells_.resize(column + 1);
    if (cells_[column].empty()) used_.push_back(cell.column);
    cells_[column].push_back({row, &cell});
  }

  void move_into(Run& run) {
    std::sort(used_.begin(), used_.end());
    run.columns.reserve(used_.size());
    for (const ColumnId id : used_) {
      std::vector<PlacedCell>& cells = cells_[index(id)];
      present_.assign(run.size(), 0);
      run.columns.push_back(cells.front().cell->is_text ? text_column(id, cells)
                                                        : column(id, cells));
      cells.clear();
    }
    used_.clear();
  }

 private:
  RunColumn column(ColumnId id, std::span<const PlacedCell> cells) {
    ValueType type = ValueType::Null;
    for (const PlacedCell& placed : cells) type = wider(type, placed.cell->type);
    bits_.assign(present_.size(), 0);
    for (const PlacedCell& placed : cells) {
      std::uint64_t bits = placed.cell->bits;
      if (type == ValueType::Float64 && placed.cell->type == ValueType::Int64) {
        bits = std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<std::int64_t>(bits)));
      }
      bits_[placed.row] = bits;
      present_[placed.row] = 1;
    }
    return make_column(id, type, bits_, present_);
  }

  RunColumn text_column(ColumnId id, std::span<const PlacedCell> cells) {
    TextWriter texts(TextWriter::Compression::None);
    std::size_t row = 0;
    for (const PlacedCell& placed : cells) {
      for (; row < placed.row; ++row) texts.add({});
      texts.add(DeltaBlock::text_of(*placed.cell));
      present_[row++] = 1;
    }
    for (; row < present_.size(); ++row) texts.add({});
    RunColumn column;
    column.id = id;
    column.present = presence_mask(present_);
    column.values = std::move(texts).finish();
    return column;
  }

  std::vector<std::vector<PlacedCell>> cells_;  // By column, in order of rows.
  std::vector<ColumnId> used_;
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint8_t> present_;
};

void add_message_ids(std::span<const DeltaRow* const> rows, Run& run) {
  const auto has_id = [](const DeltaRow* row) { return !row->message_id.empty(); };
  if (std::none_of(rows.begin(), rows.end(), has_id)) return;
  MessageIdWriter ids(rows.size(), TextWriter::Compression::None);
  for (const DeltaRow* row : rows) ids.add(row->message_id);
  run.message_ids = std::move(ids).finish();
}

void add_targets(std::span<const DeltaRow* const> rows, Run& run,
                 std::vector<std::uint64_t>& numbers) {
  const auto has_target = [](const DeltaRow* row) { return row->target != kNobody; };
  if (std::none_of(rows.begin(), rows.end(), has_target)) return;
  for (std::size_t i = 0; i < rows.size(); ++i) numbers[i] = target_number(rows[i]->target);
  run.targets = PackedUints(numbers);
}

// The run of rows that are sorted, with the key and the sequence of each.
Run make_run(std::span<const DeltaRow* const> rows, std::span<const std::uint64_t> keys,
             std::span<const std::uint64_t> sequences, ColumnsOfRuns& columns) {
  Run run;
  run.event = rows.front()->event;
  run.first = run.last = rows.front()->ts;
  std::vector<std::uint64_t> numbers(rows.size());
  std::vector<CustomerId> customers(rows.size());
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    const DeltaRow& row = *rows[i];
    customers[i] = person_in(keys[i]);
    numbers[i] = static_cast<std::uint64_t>(row.ts) ^ Run::kSignBit;
    run.first = std::min(run.first, row.ts);
    run.last = std::max(run.last, row.ts);
    for (std::uint32_t c = 0; c < row.cells_count; ++c) columns.add(i, row.cells[c]);
  }
  run.customers = CustomerColumn(customers);
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    if (rows[i]->customer != customers[i]) add_identity(run, i, rows[i]->customer);
  }
  run.times = PackedUints(numbers);
  run.sequences = PackedUints(sequences);
  add_message_ids(rows, run);
  add_targets(rows, run, numbers);
  columns.move_into(run);
  return run;
}

}  // namespace

std::shared_ptr<const Part> sort_into_part(const DeltaView& delta, const PersonOf& person_of) {
  const std::vector<std::uint32_t> by_time = rows_by_time(delta);
  std::vector<std::uint64_t> keys(delta.rows);
  for (std::uint32_t rank = 0; rank < delta.rows; ++rank) {
    const DeltaRow& row = delta.block->row(by_time[rank]);
    keys[rank] = sort_key(row.event, person_of ? person_of(row.customer) : row.customer, rank);
  }
  radix_sort(std::span(keys), kRankBits);  // Ranks ascend already.
  std::vector<const DeltaRow*> rows(delta.rows);
  std::vector<std::uint64_t> sequences(delta.rows);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::uint32_t row = by_time[keys[i] & ((1U << kRankBits) - 1)];
    rows[i] = &delta.block->row(row);
    sequences[i] = delta.block->first_sequence() + row;
  }

  auto part = std::make_shared<Part>();
  ColumnsOfRuns columns;
  for (std::size_t begin = 0; begin < keys.size();) {
    std::size_t end = begin + 1;
    while (end < keys.size() && event_of(keys[end]) == event_of(keys[begin])) ++end;
    const std::size_t count = end - begin;
    part->add(std::make_shared<const Run>(
        make_run(std::span(rows).subspan(begin, count),
                 std::span<const std::uint64_t>(keys).subspan(begin, count),
                 std::span<const std::uint64_t>(sequences).subspan(begin, count), columns)));
    begin = end;
  }
  return part;
}

}  // namespace grapevine
