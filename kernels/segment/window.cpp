#include "kernels/segment/window.hpp"

#include <optional>

#include "kernels/segment/distinct_values.hpp"
#include "kernels/segment/measure_states.hpp"
#include "kernels/segment/select_customers.hpp"

namespace grapevine {

absl::StatusOr<CustomerSet> customers_by_count(const Snapshot& snapshot,
                                               const EventSelection& selection,
                                               Range<std::int64_t> bounds, const Stop& stop) {
  return customers_by_state(EventRows(snapshot, selection, {}, {}), Counts(bounds), stop);
}

absl::StatusOr<CustomerSet> customers_by_sum(const Snapshot& snapshot,
                                             const EventSelection& selection, ColumnId of,
                                             Range<double> bounds, const Stop& stop) {
  return customers_by_state(EventRows(snapshot, selection, {}, {}), Sums(of, bounds), stop);
}

absl::StatusOr<CustomerSet> customers_by_measure(const Snapshot& snapshot,
                                                 const EventSelection& selection,
                                                 const RowPick& pick, const Measure& measure,
                                                 const EventScan& scan, const Stop& stop) {
  using enum Measure::Kind;
  const ColumnId of = measure.of;
  const NumberBounds& bounds = measure.bounds;
  const bool reads_column = measure.kind != Count && !measure.of_target;
  const EventRows events(snapshot, selection, pick, scan,
                         reads_column ? std::optional(of) : std::nullopt);
  switch (measure.kind) {
    case Count: return customers_by_state(events, Counts(bounds.whole), stop);
    case Sum: return customers_by_state(events, Sums(of, bounds.real), stop);
    case Avg: return customers_by_state(events, Averages(of, bounds.real), stop);
    case Min: return customers_by_state(events, Extremes(of, false, bounds), stop);
    case Max: return customers_by_state(events, Extremes(of, true, bounds), stop);
    case Distinct:
      return customers_by_state(events, DistinctValues(snapshot, measure, bounds.whole), stop);
  }
  return absl::InternalError("no such measure");
}

}  // namespace grapevine
