#include <algorithm>
#include <bit>
#include <numeric>
#include <vector>

#include "storage/canonical_text.hpp"
#include "storage/part_builder.hpp"
#include "storage/run_columns.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

using Inputs = std::span<const LiveRun* const>;

// Where a row of the merged run comes from, and what it is ordered by.
struct RowSource {
  CustomerId customer;
  std::uint32_t input;
  TimeMs ts;
  std::uint64_t sequence;
  std::uint32_t row;
};

std::vector<RowSource> merge_order(Inputs inputs, const PersonOf& person_of) {
  std::vector<RowSource> sources;
  std::size_t rows = 0;
  for (const LiveRun* run : inputs) rows += run->rows();
  sources.reserve(rows);
  for (std::uint32_t k = 0; k < inputs.size(); ++k) {
    const Run& run = **inputs[k];
    for (std::uint32_t r = 0; r < run.size(); ++r) {
      if (inputs[k]->is_dead(r)) continue;
      const CustomerId customer = person_of ? person_of(run.identity(r)) : run.customers[r];
      sources.push_back({customer, k, run.time(r), run.sequences.at(r), r});
    }
  }
  std::sort(sources.begin(), sources.end(), [](const RowSource& a, const RowSource& b) {
    if (a.customer != b.customer) return a.customer < b.customer;
    return a.ts != b.ts ? a.ts < b.ts : a.sequence < b.sequence;
  });
  return sources;
}

// What stands in a column as kept, as a cell's type and bits.
struct CellReader {
  std::size_t row;
  std::uint64_t operator()(const CodeValues& v) const { return v.codes.at(row); }
  std::uint64_t operator()(const BoolValues& v) const { return v.values[row]; }
  std::uint64_t operator()(const Int64Values& v) const {
    return static_cast<std::uint64_t>(v.values[row]);
  }
  std::uint64_t operator()(const Float64Values& v) const {
    return std::bit_cast<std::uint64_t>(v.values[row]);
  }
  std::uint64_t operator()(const Float32Values& v) const {
    return std::bit_cast<std::uint64_t>(static_cast<double>(v.values[row]));
  }
  std::uint64_t operator()(const TextValues&) const { return 0; }
};

ValueType type_of(const RunColumn& column) {
  struct TypeOf {
    ValueType operator()(const CodeValues&) const { return ValueType::String; }
    ValueType operator()(const TextValues&) const { return ValueType::String; }
    ValueType operator()(const BoolValues&) const { return ValueType::Bool; }
    ValueType operator()(const Int64Values&) const { return ValueType::Int64; }
    ValueType operator()(const Float64Values&) const { return ValueType::Float64; }
    ValueType operator()(const Float32Values&) const { return ValueType::Float64; }
  };
  return std::visit(TypeOf{}, column.values);
}

bool all_exact_as_double(const RunColumn& column) {
  const auto* integers = std::get_if<Int64Values>(&column.values);
  return integers == nullptr ||
         std::all_of(integers->values.begin(), integers->values.end(), exact_as_double);
}

// The narrowest type that holds every input's values without losing any.
ValueType common_type(std::span<const RunColumn* const> columns) {
  ValueType type = ValueType::Null;
  for (const RunColumn* column : columns) {
    if (column != nullptr) type = wider(type, type_of(*column));
  }
  if (type != ValueType::Float64) return type;
  for (const RunColumn* column : columns) {
    if (column != nullptr && !all_exact_as_double(*column)) return ValueType::String;
  }
  return type;
}

RunColumn merge_text(ColumnId id, std::span<const RunColumn* const> columns,
                     std::span<const RowSource> sources) {
  std::vector<std::string_view> texts(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const RunColumn* column = columns[sources[i].input];
    if (column == nullptr || !column->has(sources[i].row)) continue;
    texts[i] = std::get<TextValues>(column->values).at(sources[i].row);
  }
  return make_text_column(id, texts);
}

RunColumn merge_column(ColumnId id, std::span<const RunColumn* const> columns,
                       std::span<const RowSource> sources, const CodeOfText& code_of_text) {
  if (id == column_id(CoreColumn::Text)) return merge_text(id, columns, sources);
  const ValueType type = common_type(columns);
  ColumnDraft draft(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const RunColumn* column = columns[sources[i].input];
    if (column == nullptr || !column->has(sources[i].row)) continue;
    std::uint64_t bits = std::visit(CellReader{sources[i].row}, column->values);
    const ValueType from = type_of(*column);
    if (from != type && type == ValueType::String) {
      bits = code_of_text(id, canonical_text(from, bits));
    } else if (from != type) {
      bits = std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<std::int64_t>(bits)));
    }
    draft.set(i, bits);
  }
  return std::move(draft).finish(id, type);
}

std::vector<ColumnId> columns_of(Inputs inputs) {
  std::vector<ColumnId> ids;
  for (const LiveRun* run : inputs) {
    for (const RunColumn& column : (*run)->columns) ids.push_back(column.id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

void merge_targets(Inputs inputs, std::span<const RowSource> sources, Run& merged) {
  const auto has_targets = [](const LiveRun* run) { return !(*run)->targets.empty(); };
  if (std::none_of(inputs.begin(), inputs.end(), has_targets)) return;
  merged.targets.reserve(sources.size());
  for (const RowSource& source : sources) {
    const Run& run = **inputs[source.input];
    merged.targets.push_back(run.targets.empty() ? kNobody : run.targets[source.row]);
  }
}

void merge_identities(Inputs inputs, std::span<const RowSource> sources, Run& merged) {
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    add_identity(merged, i, (*inputs[sources[i].input])->identity(sources[i].row));
  }
}

Run merge_runs(Inputs inputs, const CodeOfText& code_of_text, const PersonOf& person_of) {
  const std::vector<RowSource> sources = merge_order(inputs, person_of);
  Run merged;
  if (sources.empty()) return merged;
  merged.event = (*inputs.front())->event;
  merged.first = INT64_MAX;
  merged.last = INT64_MIN;
  std::vector<std::uint64_t> numbers(sources.size());
  std::vector<std::string_view> message_ids(sources.size());
  merged.customers.reserve(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Run& run = **inputs[sources[i].input];
    merged.customers.push_back(sources[i].customer);
    merged.first = std::min(merged.first, sources[i].ts);
    merged.last = std::max(merged.last, sources[i].ts);
    numbers[i] = static_cast<std::uint64_t>(sources[i].ts) ^ Run::kSignBit;
    if (run.message_ids.begins.size() > 1) message_ids[i] = run.message_ids.at(sources[i].row);
  }
  merged.times = PackedUints(numbers);
  for (std::size_t i = 0; i < sources.size(); ++i) numbers[i] = sources[i].sequence;
  merged.sequences = PackedUints(numbers);
  merged.message_ids = concatenate(message_ids);
  merge_targets(inputs, sources, merged);
  const auto has_identities = [](const LiveRun* run) { return !(*run)->identities.empty(); };
  if (person_of || std::any_of(inputs.begin(), inputs.end(), has_identities)) {
    merge_identities(inputs, sources, merged);
  }

  std::vector<const RunColumn*> columns(inputs.size());
  for (const ColumnId id : columns_of(inputs)) {
    for (std::size_t k = 0; k < inputs.size(); ++k) columns[k] = (*inputs[k])->column(id);
    merged.columns.push_back(merge_column(id, columns, sources, code_of_text));
  }
  return merged;
}

}  // namespace

std::shared_ptr<const Part> merge_parts(std::span<const std::shared_ptr<const Part>> parts,
                                        const CodeOfText& code_of_text, const PersonOf& person_of) {
  std::vector<EventNameId> events;
  for (const auto& part : parts) {
    for (const LiveRun& run : part->runs) events.push_back(run->event);
  }
  std::sort(events.begin(), events.end());
  events.erase(std::unique(events.begin(), events.end()), events.end());

  auto merged = std::make_shared<Part>();
  merged->first = INT64_MAX;
  merged->last = INT64_MIN;
  for (const EventNameId event : events) {
    std::vector<const LiveRun*> inputs;
    for (const auto& part : parts) {
      if (const LiveRun* run = part->run(event)) inputs.push_back(run);
    }
    Run run = merge_runs(inputs, code_of_text, person_of);
    if (run.size() == 0) continue;  // All of its rows were dead.
    merged->rows += run.size();
    merged->first = std::min(merged->first, run.first);
    merged->last = std::max(merged->last, run.last);
    merged->runs.emplace_back(std::make_shared<const Run>(std::move(run)));
  }
  return merged;
}

}  // namespace grapevine
