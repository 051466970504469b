#include <algorithm>
#include <bit>
#include <vector>

#include "storage/part_builder.hpp"
#include "storage/run_columns.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

struct SortKey {
  std::uint64_t event_and_customer;
  TimeMs ts;
  std::uint32_t row;  // Rows stand in order of their sequence.
};

std::vector<SortKey> sorted_keys(const DeltaView& delta, const PersonOf& person_of) {
  std::vector<SortKey> keys(delta.rows);
  for (std::uint32_t i = 0; i < delta.rows; ++i) {
    const DeltaRow& row = delta.block->row(i);
    const CustomerId person = person_of ? person_of(row.customer) : row.customer;
    keys[i] = {(std::uint64_t{index(row.event)} << 32) | index(person), row.ts, i};
  }
  std::sort(keys.begin(), keys.end(), [](const SortKey& a, const SortKey& b) {
    if (a.event_and_customer != b.event_and_customer) {
      return a.event_and_customer < b.event_and_customer;
    }
    return a.ts != b.ts ? a.ts < b.ts : a.row < b.row;
  });
  return keys;
}

// A cell, and which row of the run it belongs to.
struct PlacedCell {
  std::uint32_t row;
  const DeltaCell* cell;
};

RunColumn make_column(ColumnId id, std::span<const PlacedCell> cells, std::size_t rows) {
  ValueType type = ValueType::Null;
  for (const PlacedCell& placed : cells) type = wider(type, placed.cell->type);
  ColumnDraft draft(rows);
  for (const PlacedCell& placed : cells) {
    std::uint64_t bits = placed.cell->bits;
    if (type == ValueType::Float64 && placed.cell->type == ValueType::Int64) {
      bits = std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<std::int64_t>(bits)));
    }
    draft.set(placed.row, bits);
  }
  return std::move(draft).finish(id, type);
}

// Cells of many columns, gathered by column. One object serves all runs of a part.
class CellsByColumn {
 public:
  void add(std::uint32_t row, const DeltaCell& cell) {
    const std::size_t column = index(cell.column);
    if (column >= cells_.size()) cells_.resize(column + 1);
    if (cells_[column].empty()) used_.push_back(cell.column);
    cells_[column].push_back({row, &cell});
  }
  void move_into(Run& run) {
    std::sort(used_.begin(), used_.end());
    for (const ColumnId id : used_) {
      run.columns.push_back(make_column(id, cells_[index(id)], run.size()));
      cells_[index(id)].clear();
    }
    used_.clear();
  }

 private:
  std::vector<std::vector<PlacedCell>> cells_;
  std::vector<ColumnId> used_;
};

constexpr ColumnId kText = column_id(CoreColumn::Text);

void insert_text_column(Run& run, std::span<const std::string_view> texts) {
  const auto place = std::find_if(run.columns.begin(), run.columns.end(),
                                  [](const RunColumn& column) { return column.id > kText; });
  run.columns.insert(place, make_text_column(kText, texts));
}

Run make_run(const DeltaView& delta, std::span<const SortKey> keys, CellsByColumn& cells) {
  Run run;
  const std::size_t rows = keys.size();
  std::vector<std::uint64_t> times(rows);
  std::vector<std::uint64_t> sequences(rows);
  std::vector<std::string_view> message_ids(rows);
  std::vector<std::string_view> texts(rows);
  bool any_target = false;
  bool any_text = false;
  run.customers.reserve(rows);
  run.first = run.last = keys.front().ts;
  for (std::uint32_t i = 0; i < rows; ++i) {
    const DeltaRow& row = delta.block->row(keys[i].row);
    run.customers.push_back(CustomerId(static_cast<std::uint32_t>(keys[i].event_and_customer)));
    add_identity(run, i, row.customer);
    times[i] = static_cast<std::uint64_t>(row.ts) ^ Run::kSignBit;
    sequences[i] = delta.block->first_sequence() + keys[i].row;
    message_ids[i] = row.message_id;
    texts[i] = row.text;
    any_target = any_target || row.target != kNobody;
    any_text = any_text || row.text.data() != nullptr;
    run.first = std::min(run.first, row.ts);
    run.last = std::max(run.last, row.ts);
    for (std::uint32_t c = 0; c < row.cells_count; ++c) cells.add(i, row.cells[c]);
  }
  run.event = delta.block->row(keys.front().row).event;
  run.times = PackedUints(times);
  run.sequences = PackedUints(sequences);
  run.message_ids = concatenate(message_ids);
  if (any_target) {
    run.targets.reserve(rows);
    for (const SortKey& key : keys) run.targets.push_back(delta.block->row(key.row).target);
  }
  cells.move_into(run);
  if (any_text) insert_text_column(run, texts);
  return run;
}

}  // namespace

std::shared_ptr<const Part> sort_into_part(const DeltaView& delta, const PersonOf& person_of) {
  auto part = std::make_shared<Part>();
  const std::vector<SortKey> keys = sorted_keys(delta, person_of);
  CellsByColumn cells;
  for (std::size_t begin = 0; begin < keys.size();) {
    const std::uint64_t event = keys[begin].event_and_customer >> 32;
    std::size_t end = begin + 1;
    while (end < keys.size() && keys[end].event_and_customer >> 32 == event) ++end;
    part->runs.emplace_back(std::make_shared<const Run>(
        make_run(delta, std::span(keys).subspan(begin, end - begin), cells)));
    begin = end;
  }
  part->rows = keys.size();
  for (const LiveRun& run : part->runs) {
    const bool first = &run == part->runs.data();
    part->first = first ? run->first : std::min(part->first, run->first);
    part->last = first ? run->last : std::max(part->last, run->last);
  }
  return part;
}

}  // namespace grapevine
