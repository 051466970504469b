#include "api/sql/tables/segment_table.hpp"

#include <string>

#include "api/execute/segment_executor.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/segment_planner.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/explained_problem.hpp"
#include "api/sql/tables/name_conditions.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using SegmentPlans = std::vector<grapevine::Plan>;

// All of them by one planner, so that what they share is evaluated once.
absl::StatusOr<SegmentPlans> plan_all(const std::vector<std::string_view>& names,
                                      const QueryContext& context) {
  SegmentPlans plans;
  Mistakes mistakes;
  SegmentPlanner planner(*context.snapshot, {context.api.now_ms, context.api.timezone}, mistakes);
  for (const std::string_view name : names) {
    plans.push_back(planner.plan_segment(std::string(name), ""));
    if (mistakes.empty()) continue;
    const absl::Status why = explained_problem(mistakes.status());
    return query_error(
        QueryErrorCode::BadArguments,
        "segment " + std::string(name) + " cannot be evaluated: " + std::string(why.message()));
  }
  return plans;
}

}  // namespace

SegmentTable::SegmentTable()
    : columns_{{"name", plain(TypeId::String), "The segment"},
               {"customer_id", plain(TypeId::String), "Who is in it"}} {}

absl::StatusOr<Scan> SegmentTable::scan(const ScanRequest& request, QueryContext& context) const {
  NameChoice choice = choose_names(segment_names(*context.snapshot), 0, request);
  GRAPEVINE_ASSIGN_OR_RETURN(const SegmentPlans plans, plan_all(choice.names, context));
  SegmentExecutor executor(
      {*context.snapshot, context.api.now_ms, context.api.graph, context.api.stop});
  for (const grapevine::Plan& plan : plans) executor.expect(plan);
  std::vector<NamedMembers> all;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    GRAPEVINE_RETURN_IF_ERROR(context.check());
    GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet members, executor.evaluate(plans[i]));
    all.push_back({constant_text(std::string(choice.names[i])), std::move(members)});
  }
  std::vector<bool> of_name;
  for (const std::size_t column : request.columns) of_name.push_back(column == 0);
  Scan scan;
  scan.left = std::move(choice.left);
  scan.notes = std::move(choice.notes);
  GRAPEVINE_ASSIGN_OR_RETURN(scan.source,
                             members_source(std::move(all), std::move(of_name), context));
  return scan;
}

}  // namespace grapevine::sql
