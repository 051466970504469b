#include <string>

#include "api/execute/seed_choice.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/sql/tables/column_list.hpp"
#include "api/sql/tables/explained_problem.hpp"
#include "api/sql/tables/functions/table_functions.hpp"
#include "api/sql/tables/functions/wom_question.hpp"
#include "api/sql/tables/people_codes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::string_view kColumns =
    "rank UInt32, customer_id String, marginal_spread Float64, cost Float64, spread Float64, "
    "lower_bound Float64, optimum_upper_bound Float64, approximation_ratio Float64, guarantee "
    "Float64, samples UInt64";

Block rows_of(const SeedChoice& choice, const GraphSource& source, QueryContext& context) {
  const std::size_t rows = choice.seeds.size();
  auto ranks = new_fixed(plain(TypeId::UInt32), rows);
  auto marginals = new_fixed(plain(TypeId::Float64), rows);
  auto costs = new_fixed(plain(TypeId::Float64), rows);
  std::vector<std::uint32_t> people(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const ChosenSeed& seed = choice.seeds[i];
    ranks->fixed<std::uint32_t>()[i] = static_cast<std::uint32_t>(i + 1);
    people[i] = index(source.graph->listening().people[seed.person]);
    marginals->fixed<double>()[i] = seed.marginal_spread;
    costs->fixed<double>()[i] = seed.cost > 0.0 ? seed.cost : 1.0;
  }
  Block block{rows, {ranks, people_column(std::move(people), context), marginals, costs}};
  for (const double of_all : {choice.spread, choice.lower_bound, choice.optimum_upper_bound,
                              choice.approximation_ratio, choice.guarantee}) {
    block.columns.push_back(constant_fixed(plain(TypeId::Float64), of_all, rows));
  }
  block.columns.push_back(
      constant_fixed<std::uint64_t>(plain(TypeId::UInt64), choice.samples, rows));
  return block;
}

}  // namespace

absl::StatusOr<TablePtr> make_wom_seeds(TableArguments arguments, QueryContext&) {
  if (arguments.size() != 1) {
    return wrong_count("wom_seeds", "a number of seeds, or a question as JSON");
  }
  std::string body;
  if (arguments[0]->type.id == TypeId::String) {
    GRAPEVINE_ASSIGN_OR_RETURN(body, text_argument(*arguments[0]));
  } else {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t seeds, whole_argument(*arguments[0]));
    body = "{\"k\": " + std::to_string(seeds) + "}";
  }
  const auto query = parse_seeds_query(body);
  if (!query.ok()) return explained_problem(query.status());
  const auto make = [query = *query](QueryContext& context) -> absl::StatusOr<std::vector<Block>> {
    GRAPEVINE_RETURN_IF_ERROR(context.check());
    const auto source = open_question(query.moment, context);
    if (!source.ok()) return explained_problem(source.status());
    const auto choice = find_seeds(query, *source, context.api);
    if (!choice.ok()) return explained_problem(choice.status());
    return std::vector<Block>{rows_of(*choice, *source, context)};
  };
  return std::make_shared<MadeTable>(*parse_column_list(kColumns), make);
}

}  // namespace grapevine::sql
