#include <algorithm>
#include <utility>
#include <vector>

#include "storage/merge_columns.hpp"
#include "storage/merge_order.hpp"
#include "storage/part_builder.hpp"
#include "storage/time_span.hpp"

namespace grapevine {
namespace {

using Parts = std::span<const std::shared_ptr<const Part>>;

std::vector<EventNameId> events_of(Parts parts) {
  std::vector<EventNameId> events;
  for (const auto& part : parts) {
    for (const LiveRun& run : part->runs) events.push_back(run->event);
  }
  std::sort(events.begin(), events.end());
  events.erase(std::unique(events.begin(), events.end()), events.end());
  return events;
}

std::vector<ColumnId> columns_of(const MergeInputs& inputs) {
  std::vector<ColumnId> ids;
  for (const LiveRun* run : inputs.runs) {
    for (const RunColumn& column : (*run)->columns) ids.push_back(column.id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

// The run of one output with its times, sequences and customers.
Run begin_run(EventNameId event, const MergeOrder& order, std::size_t output) {
  const std::size_t begin = order.begins[output];
  const std::size_t count = order.begins[output + 1] - begin;
  Run run;
  if (count == 0) return run;
  run.event = event;
  const auto times = std::span(order.times).subspan(begin, count);
  const auto [first, last] = std::minmax_element(times.begin(), times.end());
  run.first = static_cast<TimeMs>(*first ^ Run::kSignBit);
  run.last = static_cast<TimeMs>(*last ^ Run::kSignBit);
  run.times = PackedUints(times);
  run.sequences = PackedUints(std::span(order.sequences).subspan(begin, count));
  std::vector<CustomerId> customers(count);
  for (std::size_t i = 0; i < count; ++i) customers[i] = order.customer(begin + i);
  run.customers = CustomerColumn(customers);
  return run;
}

// A run for each output; one without rows where no living row goes there.
std::vector<Run> merge_runs(const MergeInputs& inputs, const SpanSplit& split,
                            const ColumnStrings& strings, const PersonOf& person_of) {
  const MergeOrder order = merge_order(inputs, split, person_of);
  const EventNameId event = (*inputs.runs.front())->event;
  std::vector<Run> merged;
  merged.reserve(split.outputs());
  for (std::size_t output = 0; output < split.outputs(); ++output) {
    merged.push_back(begin_run(event, order, output));
  }
  ColumnMerge columns(inputs, order, strings);
  columns.merge_targets(merged);
  columns.merge_message_ids(merged);
  columns.merge_identities(merged, person_of != nullptr);
  for (const ColumnId id : columns_of(inputs)) columns.merge(id, merged);
  return merged;
}

}  // namespace

std::vector<std::shared_ptr<const Part>> merge_parts(Parts parts, const ColumnStrings& strings,
                                                     const PersonOf& person_of) {
  const SpanSplit split(parts);
  std::vector<std::shared_ptr<Part>> outputs(split.outputs());
  for (const EventNameId event : events_of(parts)) {
    MergeInputs inputs;
    for (const auto& part : parts) {
      if (const LiveRun* run = part->run(event)) inputs.add(*run);
    }
    if (inputs.runs.empty()) continue;  // All of its rows are dead.
    std::vector<Run> merged = merge_runs(inputs, split, strings, person_of);
    for (std::size_t i = 0; i < merged.size(); ++i) {
      if (merged[i].size() == 0) continue;
      if (outputs[i] == nullptr) outputs[i] = std::make_shared<Part>();
      merged[i].columns.shrink_to_fit();
      outputs[i]->add(std::make_shared<const Run>(std::move(merged[i])));
    }
  }
  std::vector<std::shared_ptr<const Part>> made;
  for (std::shared_ptr<Part>& part : outputs) {
    if (part != nullptr) made.push_back(std::move(part));
  }
  return made;
}

}  // namespace grapevine
