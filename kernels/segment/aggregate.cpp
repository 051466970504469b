#include "kernels/segment/aggregate.hpp"

#include <cmath>
#include <optional>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/column_builder.hpp"
#include "kernels/segment/distinct_values.hpp"
#include "kernels/segment/measure_states.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/short_decimal.hpp"

namespace grapevine {
namespace {

using Column = std::shared_ptr<const AttributeColumn>;

std::optional<double> finite(std::optional<double> number) {
  return number && std::isfinite(*number) ? number : std::nullopt;
}

// A column of what `value_of(state, i)` says of the i-th customer of a block; nullopt: nothing.
template <typename Value, typename State, typename ValueOf>
absl::StatusOr<Column> column_of(const Snapshot& snapshot, const EventRows& events,
                                 const State& fresh, ValueType type, const ValueOf& value_of,
                                 const Stop& stop) {
  struct Worker {
    State state;
    EventRows::Scratch scratch;
  };
  ColumnBuilder<Value> column(events.customers());
  WorkerLocal<Worker> workers([&] { return Worker{fresh, {}}; });
  for_each_block(events.customers(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Worker& mine = workers.mine();
    mine.state.reset(last - first);
    events.for_each_stretch(first, last, mine.scratch,
                            [&](const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
                              mine.state.add(run, rows, mask, first);
                            });
    mine.state.finish();
    for (std::size_t i = 0; i < last - first; ++i) {
      if (const std::optional<Value> value = value_of(mine.state, i)) column.set(first + i, *value);
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while measuring events");
  return std::move(column).finish(people(snapshot.customers()), type);
}

template <typename State>
absl::StatusOr<Column> whole_column(const Snapshot& snapshot, const EventRows& events,
                                    const State& fresh, const Stop& stop) {
  return column_of<std::int64_t>(
      snapshot, events, fresh, ValueType::Int64,
      [](const State& state, std::size_t i) { return std::optional(state.value(i)); }, stop);
}

template <typename State>
absl::StatusOr<Column> real_column(const Snapshot& snapshot, const EventRows& events,
                                   const State& fresh, const Stop& stop) {
  return column_of<double>(
      snapshot, events, fresh, ValueType::Float64,
      [](const State& state, std::size_t i) { return finite(state.value(i)); }, stop);
}

absl::StatusOr<Column> extreme_column(const Snapshot& snapshot, const EventRows& events,
                                      const Measure& measure, const Stop& stop) {
  const Extremes fresh(measure.of, measure.kind == Measure::Kind::Max, {});
  if (snapshot.columns()[index(measure.of)].type == ValueType::Int64) {
    const auto whole = [](const Extremes& state, std::size_t i) {
      const Extremes::Found& found = state.found(i);
      return found.any ? std::optional(static_cast<std::int64_t>(found.value)) : std::nullopt;
    };
    return column_of<std::int64_t>(snapshot, events, fresh, ValueType::Int64, whole, stop);
  }
  const auto real = [](const Extremes& state, std::size_t i) -> std::optional<double> {
    const Extremes::Found& found = state.found(i);
    if (!found.any) return std::nullopt;
    if (found.single) return finite(short_decimal(static_cast<float>(found.value)));
    return finite(static_cast<double>(found.value));
  };
  return column_of<double>(snapshot, events, fresh, ValueType::Float64, real, stop);
}

}  // namespace

absl::StatusOr<Column> measure_people(const Snapshot& snapshot, const EventSelection& selection,
                                      const RowPick& pick, const Measure& measure,
                                      const Stop& stop) {
  using enum Measure::Kind;
  const EventRows events(snapshot, selection, pick, {});
  switch (measure.kind) {
    case Count: return whole_column(snapshot, events, Counts({}), stop);
    case Sum: return real_column(snapshot, events, Sums(measure.of, {}), stop);
    case Avg: return real_column(snapshot, events, Averages(measure.of, {}), stop);
    case Min:
    case Max: return extreme_column(snapshot, events, measure, stop);
    case Distinct:
      return whole_column(snapshot, events, DistinctValues(snapshot, measure, {}), stop);
  }
  return absl::InternalError("no such measure");
}

}  // namespace grapevine
