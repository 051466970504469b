#include "api/execute/event_id_members.hpp"

#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "api/live/segments/person_measure.hpp"
#include "api/plan/bind_measure.hpp"
#include "kernels/segment/row_test.hpp"
#include "kernels/segment/rows_with_ids.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

bool comes_before(const CustomerRow& a, const CustomerRow& b) {
  if (a.ts != b.ts) return a.ts < b.ts;
  return a.run->sequences.at(a.row) < b.run->sequences.at(b.row);
}

// Whether the row is the customer's first or last one of the names, if that is asked.
class ChosenRow {
 public:
  ChosenRow(const Snapshot& snapshot, RowChoice choice, const EventSelection& rows, TimeMs as_of)
      : all_(snapshot), choice_(choice), rows_(rows), as_of_(as_of) {}

  bool is(const CustomerRow& row, CustomerId customer) {
    if (choice_ == RowChoice::Any) return true;
    for (const EventNameId event : rows_.events) {
      all_.read(customer, event, std::numeric_limits<TimeMs>::min(), others_);
      for (const CustomerRow& other : others_) {
        if (other.ts > as_of_) continue;
        const bool is_nearer =
            choice_ == RowChoice::First ? comes_before(other, row) : comes_before(row, other);
        if (is_nearer) return false;
      }
    }
    return true;
  }

 private:
  const CustomerRows all_;
  RowChoice choice_;
  const EventSelection& rows_;
  TimeMs as_of_;
  std::vector<CustomerRow> others_;
};

bool accepts_targets(const Snapshot& snapshot, const EventSelection& rows, const CustomerRow& row) {
  for (const TargetRule& rule : rows.targets) {
    const CustomerId target = snapshot.target(*row.run, row.row);
    if ((target != kNobody && rule.accepted.has(target)) == rule.negated) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<CustomerSet> customers_by_event_ids(const Snapshot& snapshot, const EventPlan& plan,
                                                   const EventSelection& rows, TimeMs as_of,
                                                   ReadCounts* reads, const Stop& stop) {
  GRAPEVINE_ASSIGN_OR_RETURN(
      const std::vector<CustomerRow> found,
      rows_with_ids(snapshot, {rows.events, *plan.events.ids, rows.from, rows.to}, reads, stop));
  EventSelection own = rows;  // What a row says itself.
  own.targets.clear();
  RowTest test(own);
  ChosenRow chosen(snapshot, plan.choice, rows, as_of);
  std::map<CustomerId, std::vector<CustomerRow>> by_customer;
  for (const CustomerRow& row : found) {
    if (stop.requested()) return absl::CancelledError("stopped while looking at events");
    const CustomerId customer = row.run->customers[row.row];
    if (test.accepts(snapshot, row) && accepts_targets(snapshot, rows, row) &&
        chosen.is(row, customer)) {
      by_customer[customer].push_back(row);
    }
  }
  const std::size_t customers = snapshot.customers().count();
  CustomerSet members =
      accepts_no_rows(plan.measure) ? CustomerSet::everyone(customers) : CustomerSet(customers);
  PersonMeasure measure(plan.measure);
  for (const auto& [customer, mine] : by_customer) {
    measure.reset();
    for (const CustomerRow& row : mine) measure.add(snapshot, row);
    if (measure.in_bounds()) {
      members.add(customer);
    } else {
      members.remove(customer);
    }
  }
  return members;
}

}  // namespace grapevine
