#include <string>

#include "api/encode/json_writer.hpp"
#include "api/execute/spread_simulation.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/sql/tables/column_list.hpp"
#include "api/sql/tables/explained_problem.hpp"
#include "api/sql/tables/functions/table_functions.hpp"
#include "api/sql/tables/functions/wom_question.hpp"
#include "api/sql/tables/rows_builder.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Which columns there are depends on what is asked: how far word goes step by step, in each group
// of people, or on each side.
constexpr std::string_view kSteps =
    "step UInt32, mean Float64, p05 Float64, p95 Float64, reached Float64, spread Float64, "
    "spread_stderr Float64, spread_p05 Float64, spread_p50 Float64, spread_p95 Float64";
constexpr std::string_view kGroups =
    "by String, value String, people UInt64, mean Float64, stderr Float64, share Float64, spread "
    "Float64";
constexpr std::string_view kSides =
    "side String, mean Float64, stderr Float64, p05 Float64, p50 Float64, p95 Float64";

std::string_view columns_of_answer(const SimulateQuery& query) {
  if (query.rival_seeds) return kSides;
  return query.by.empty() ? kSteps : kGroups;
}

void add_steps(const SpreadEstimate& spread, RowsBuilder& rows) {
  double reached = 0.0;
  for (std::size_t step = 0; step < spread.curve.size(); ++step) {
    reached += spread.curve[step].mean;
    rows.add({{"step", step},
              {"mean", spread.curve[step].mean},
              {"p05", spread.curve[step].p05},
              {"p95", spread.curve[step].p95},
              {"reached", reached},
              {"spread", spread.mean},
              {"spread_stderr", spread.standard_error},
              {"spread_p05", spread.p05},
              {"spread_p50", spread.p50},
              {"spread_p95", spread.p95}});
  }
}

// A label is JSON: a string without its quotes, anything else as it is written.
std::string label_text(const std::string& label) {
  const auto value = read_json(label);
  if (value.ok()) {
    if (const auto* text = value->as<std::string>()) return *text;
  }
  return label;
}

void add_groups(const SimulatedSpread& spread, RowsBuilder& rows) {
  const double all = spread.alone->mean;
  for (std::size_t i = 0; i < spread.groupings.size(); ++i) {
    const Grouping& grouping = spread.groupings[i];
    for (std::size_t group = 0; group < grouping.labels.size(); ++group) {
      const GroupSpread& reached = spread.alone->groups[i][group];
      // Nobody listens to those outside: they reach themselves, in every run.
      const double mean = reached.mean + static_cast<double>(grouping.outside[group]);
      rows.add({{"by", grouping.name},
                {"value", label_text(grouping.labels[group])},
                {"people", grouping.people[group]},
                {"mean", mean},
                {"stderr", reached.standard_error},
                {"share", all > 0.0 ? mean / all : 0.0},
                {"spread", all}});
    }
  }
}

void add_side(std::string_view name, const SideSpread& side, RowsBuilder& rows) {
  rows.add({{"side", name},
            {"mean", side.mean},
            {"stderr", side.standard_error},
            {"p05", side.p05},
            {"p50", side.p50},
            {"p95", side.p95}});
}

void add_rows(const SimulatedSpread& spread, RowsBuilder& rows) {
  if (spread.rivals) {
    add_side("own", spread.rivals->own, rows);
    add_side("rival", spread.rivals->rival, rows);
    add_side("lead", spread.rivals->lead, rows);
  } else if (!spread.groupings.empty()) {
    add_groups(spread, rows);
  } else {
    add_steps(*spread.alone, rows);
  }
}

// The body that a list of seeds stands for.
std::string body_of_seeds(const Column& list) {
  JsonWriter json;
  json.begin_object();
  json.key("seeds");
  json.begin_array();
  const Column& ids = *list.array().elements;
  for (std::uint64_t i = 0; i < list.array().ends[0]; ++i) json.value(ids.text(i));
  json.end_array();
  json.end_object();
  return std::move(json).take();
}

}  // namespace

absl::StatusOr<TablePtr> make_wom_simulate(TableArguments arguments, QueryContext&) {
  if (arguments.size() != 1) {
    return wrong_count("wom_simulate", "a list of customers, or a question as JSON");
  }
  std::string body;
  const Column& asked = *arguments[0];
  if (asked.type == array_of(plain(TypeId::String))) {
    body = body_of_seeds(asked);
  } else {
    GRAPEVINE_ASSIGN_OR_RETURN(body, text_argument(asked));
  }
  const auto query = parse_simulate_query(body);
  if (!query.ok()) return explained_problem(query.status());
  auto columns = *parse_column_list(columns_of_answer(*query));
  const auto make = [query = *query,
                     columns](QueryContext& context) -> absl::StatusOr<std::vector<Block>> {
    GRAPEVINE_RETURN_IF_ERROR(context.check());
    const auto source = open_question(query.moment, context);
    if (!source.ok()) return explained_problem(source.status());
    const auto spread = simulate_spread(query, *source, context.api);
    if (!spread.ok()) return explained_problem(spread.status());
    RowsBuilder rows(columns);
    add_rows(*spread, rows);
    return std::vector<Block>{std::move(rows).finish()};
  };
  return std::make_shared<MadeTable>(std::move(columns), make);
}

}  // namespace grapevine::sql
