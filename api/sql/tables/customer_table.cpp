#include "api/sql/tables/customer_table.hpp"

#include <algorithm>

#include "api/execute/listed_attribute.hpp"
#include "api/execute/moment.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/computed_document.hpp"
#include "api/plan/computed_planner.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/event_table.hpp"
#include "api/sql/tables/people_scan.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

DataType milliseconds() {
  DataType type = plain(TypeId::DateTime64);
  type.scale = 3;
  return nullable(type);
}

AnswerMoment moment_of(const QueryContext& context) { return {context.api.now_ms, false}; }

}  // namespace

CustomersTable::CustomersTable(const QueryContext& context) {
  const Snapshot& snapshot = *context.snapshot;
  columns_.push_back({"customer_id", plain(TypeId::String), "Who it is"});
  columns_.push_back({"first_seen", milliseconds(), "Time of the first event"});
  columns_.push_back({"last_seen", milliseconds(), "Time of the last event"});
  const auto add = [&](std::string_view name, DataType type, std::string comment) {
    const bool known = std::any_of(columns_.begin(), columns_.end(),
                                   [&](const TableColumn& column) { return column.name == name; });
    if (!known) columns_.push_back({std::string(name), std::move(type), std::move(comment)});
  };
  for (const auto& column : snapshot.customers().attributes()) {
    add(column->name, type_of_stored(column->type), "");
  }
  add("kind", nullable(plain(TypeId::String)), "");
  add("account_id", nullable(plain(TypeId::String)), "");
  add("processing_restricted", nullable(plain(TypeId::Bool)), "");
  Mistakes mistakes;
  ComputedPlanner planner(snapshot, {context.api.now_ms, context.api.timezone}, mistakes);
  for (const std::string_view name : computed_names(snapshot)) {
    const ComputedPlan plan = planner.plan_stored(std::string(name), "");
    if (plan != nullptr) add(name, type_of_stored(plan->type), "Computed from behaviour");
  }
}

absl::StatusOr<Scan> CustomersTable::scan(const ScanRequest& request, QueryContext& context) const {
  const Snapshot& snapshot = *context.snapshot;
  std::vector<PeopleColumn> columns;
  std::shared_ptr<SeenTimes> seen;
  for (const std::size_t number : request.columns) {
    const TableColumn& wanted = columns_[number];
    PeopleColumn column{PeopleColumn::Of::Attribute, wanted.type};
    if (number == 0) {
      column.of = PeopleColumn::Of::Id;
    } else if (number <= 2) {
      if (seen == nullptr) {
        GRAPEVINE_ASSIGN_OR_RETURN(
            SeenTimes times,
            seen_times(snapshot, std::numeric_limits<TimeMs>::max(), context.api.stop));
        seen = std::make_shared<SeenTimes>(std::move(times));
      }
      column.of = PeopleColumn::Of::Times;
      column.times = {seen, number == 1 ? &seen->first : &seen->last};
    } else {
      Attribute attribute;
      const ListSource source{context.snapshot, moment_of(context)};
      GRAPEVINE_ASSIGN_OR_RETURN(const bool found,
                                 find_listed(wanted.name, source, context.api, attribute));
      if (found) column.attribute = attribute.column;
    }
    columns.push_back(std::move(column));
  }
  return scan_people(std::move(columns), request, context);
}

}  // namespace grapevine::sql
