#include "api/execute/select_rows.hpp"

#include <utility>

#include "kernels/segment/scan.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<EventSelection> select_rows(const SelectionPlan& plan, const Snapshot& snapshot,
                                           const Stop& stop) {
  EventSelection rows = plan.rows;
  for (const SelectionPlan::Target& target : plan.targets) {
    GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet accepted,
                               scan_ids(snapshot.customers(), target.test, stop));
    rows.targets.push_back({std::move(accepted), target.negated});
  }
  return rows;
}

}  // namespace grapevine
