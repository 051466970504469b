#include "api/execute/influence_scores.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "api/plan/influence_model.hpp"
#include "api/plan/score_names.hpp"
#include "kernels/influence/engagement.hpp"
#include "kernels/influence/technographics.hpp"
#include "kernels/propagation/spread_of_all.hpp"
#include "kernels/segment/column_builder.hpp"
#include "kernels/segment/people.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using Graph = std::shared_ptr<const SocialGraph>;
using Score = std::shared_ptr<const RankedScore>;
using Column = ComputedColumns::Column;

// The graph's people, and everyone else who has a number other than 0.
Score rank_numbers(const std::vector<double>& by_customer, const SocialGraph& graph,
                   const Snapshot& snapshot) {
  std::vector<CustomerId> people;
  std::vector<double> values;
  const std::vector<CustomerId>& tied = graph.listening().people;
  auto next = tied.begin();
  for (std::size_t c = 0; c < by_customer.size(); ++c) {
    const auto customer = CustomerId(static_cast<std::uint32_t>(c));
    const bool is_tied = next != tied.end() && *next == customer;
    if (is_tied) ++next;
    if (!is_tied && by_customer[c] == 0.0) continue;
    people.push_back(customer);
    values.push_back(by_customer[c]);
  }
  return std::make_shared<const RankedScore>(
      rank_people(std::move(people), std::move(values), snapshot.customers().names()));
}

absl::StatusOr<std::vector<double>> advocacy_of(const ComputedColumns::Source& of) {
  const InfluenceModel model = influence_model(of.snapshot);
  GRAPEVINE_ASSIGN_OR_RETURN(const auto net,
                             net_advocacy(of.snapshot, model.own_brands, of.as_of, of.stop));
  return std::vector<double>(net.begin(), net.end());
}

// Advocacy of one sign, by how far one's word goes: 1 where nobody listens.
absl::StatusOr<std::vector<double>> loud_advocacy(const ComputedColumns::Source& of,
                                                  const SocialGraph& graph, double sign) {
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<double> advocacy, advocacy_of(of));
  GRAPEVINE_ASSIGN_OR_RETURN(const Score spread, graph.score("spread", of.stop));
  for (double& of_customer : advocacy) {
    of_customer = sign * of_customer > 0.0 ? sign * of_customer : 0.0;
  }
  for (std::size_t i = 0; i < spread->people.size(); ++i) {
    advocacy[index(spread->people[i])] *= spread->values[i];
  }
  return advocacy;
}

// What those are worth whom one's word reaches, oneself left out. Shapes  own: by vertex.
absl::StatusOr<RankedScore> estimate_value(const ScoreSource& source, const SocialGraph& graph,
                                           std::span<const double> own) {
  const ListenGraph& ties = graph.listening();
  GRAPEVINE_ASSIGN_OR_RETURN(const auto passing, graph.weighted_cascade());
  SpreadOfAllOptions options;
  options.values = own;
  GRAPEVINE_ASSIGN_OR_RETURN(SpreadOfAll reached,
                             spread_of_all(ties, passing->to_listeners, options, source.of.stop));
  double squares = 0.0;
  std::size_t estimated = 0;
  for (std::size_t v = 0; v < own.size(); ++v) {
    double& others = reached.spread[v];
    others = std::max(others - own[v], 0.0);
    if (reached.standard_error[v] == 0.0 || others == 0.0) continue;
    squares += std::pow(reached.standard_error[v] / others, 2);
    ++estimated;
  }
  RankedScore ranked = rank_people(ties.people, std::move(reached.spread), graph.names());
  if (estimated > 0) {
    ranked.error = ScoreError{"relative", std::sqrt(squares / static_cast<double>(estimated)), 0.0};
  }
  return ranked;
}

absl::StatusOr<Score> value_reached(const ScoreSource& source, const SocialGraph& graph) {
  const ListenGraph& ties = graph.listening();
  std::vector<double> own(ties.vertices());
  for (std::size_t v = 0; v < own.size(); ++v) own[v] = source.worth[index(ties.people[v])];
  return graph.value_reached(own, [&] { return estimate_value(source, graph, own); });
}

// Columns

// Those without a score have none, or 0 if it is of what people did.
Column number_column(const RankedScore& score, const Snapshot& snapshot, const ScoreName& name) {
  const CustomerSet everyone = people(snapshot.customers());
  const auto fill = [&]<typename Value>(ColumnBuilder<Value> column, ValueType type) {
    const bool of_everyone = name.from == ScoreName::From::Events || name.name == "own_value";
    for (std::size_t c = 0; of_everyone && c < snapshot.customers().count(); ++c) {
      column.set(c, Value{0});
    }
    for (std::size_t i = 0; i < score.people.size(); ++i) {
      column.set(index(score.people[i]), static_cast<Value>(score.values[i]));
    }
    return std::move(column).finish(everyone, type);
  };
  const std::size_t customers = snapshot.customers().count();
  return name.type == ValueType::Int64
             ? fill(ColumnBuilder<std::int64_t>(customers), ValueType::Int64)
             : fill(ColumnBuilder<double>(customers), ValueType::Float64);
}

// What `name_of(customer)` says, one of a few texts.
template <typename NameOf>
Column text_column(const Snapshot& snapshot, const NameOf& name_of) {
  const std::size_t customers = snapshot.customers().count();
  auto dictionary = std::make_shared<Dictionary>();
  ColumnBuilder<std::uint32_t> column(customers);
  for (std::size_t c = 0; c < customers; ++c) {
    column.set(c, dictionary->intern(name_of(c)));
  }
  return std::move(column).finish(people(snapshot.customers()), ValueType::String, dictionary);
}

absl::StatusOr<Column> ladder_column(const ComputedColumns::Source& of, bool as_mask) {
  const InfluenceModel model = influence_model(of.snapshot);
  TechnographicsOptions options;
  options.conversationalists = model.conversationalists;
  GRAPEVINE_ASSIGN_OR_RETURN(const RungSets sets,
                             rung_sets(of.snapshot, model.ladder, of.as_of, options, of.stop));
  const CustomerSet everyone = people(of.snapshot.customers());
  GRAPEVINE_ASSIGN_OR_RETURN(const Technographics ladder, technographics(sets, everyone));
  if (!as_mask) {
    return text_column(of.snapshot,
                       [&](std::size_t c) { return rung_name(highest_rung(ladder.masks[c])); });
  }
  ColumnBuilder<std::int64_t> column(ladder.masks.size());
  for (std::size_t c = 0; c < ladder.masks.size(); ++c) column.set(c, ladder.masks[c]);
  return std::move(column).finish(everyone, ValueType::Int64);
}

absl::StatusOr<Column> community_column(const ComputedColumns::Source& of,
                                        const SocialGraph& graph) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto communities, graph.communities(of.stop));
  ColumnBuilder<std::int64_t> column(of.snapshot.customers().count());
  const std::vector<CustomerId>& tied = graph.listening().people;
  for (std::size_t v = 0; v < tied.size(); ++v) column.set(index(tied[v]), communities->of[v]);
  return std::move(column).finish(people(of.snapshot.customers()), ValueType::Int64);
}

// The median of those that are above 0.
double median_of_positive(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !(value > 0.0); });
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Kumar, Petersen & Leone, Harvard Business Review 85 (2007) 139-146: what one buys, and what one's
// word brings, each above the median of those who have any.
absl::StatusOr<Column> tier_column(const ScoreSource& source, const SocialGraph& graph) {
  GRAPEVINE_ASSIGN_OR_RETURN(const Score reached, value_reached(source, graph));
  std::vector<double> brings(source.worth.size());
  for (std::size_t i = 0; i < reached->people.size(); ++i) {
    brings[index(reached->people[i])] = reached->values[i];
  }
  const double middle_own =
      median_of_positive(std::vector<double>(source.worth.begin(), source.worth.end()));
  const double middle_brought = median_of_positive(brings);
  return text_column(source.of.snapshot, [&](std::size_t c) -> std::string_view {
    const bool buys = source.worth[c] > middle_own;
    const bool tells = brings[c] > middle_brought;
    if (buys) return tells ? "champion" : "affluent";
    return tells ? "advocate" : "miser";
  });
}

}  // namespace

absl::StatusOr<Score> influence_score(const ScoreSource& source, std::string_view name) {
  const ComputedColumns::Source& of = source.of;
  GRAPEVINE_ASSIGN_OR_RETURN(const Graph graph, of.graph.at(of.snapshot, of.as_of, of.stop));
  const auto& of_graph = SocialGraph::kScores;
  if (std::find(of_graph.begin(), of_graph.end(), name) != of_graph.end()) {
    return graph->score(name, of.stop);
  }
  if (name == "influence_value") return value_reached(source, *graph);
  std::vector<double> numbers;
  if (name == "own_value") {
    numbers.assign(source.worth.begin(), source.worth.end());
  } else if (name == "answers") {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto answers, count_answers(of.snapshot, of.as_of, of.stop));
    numbers.assign(answers.begin(), answers.end());
  } else if (name == "advocacy") {
    GRAPEVINE_ASSIGN_OR_RETURN(numbers, advocacy_of(of));
  } else {
    GRAPEVINE_ASSIGN_OR_RETURN(numbers,
                               loud_advocacy(of, *graph, name == "ambassador" ? 1.0 : -1.0));
  }
  return rank_numbers(numbers, *graph, of.snapshot);
}

absl::StatusOr<Column> influence_column(const ScoreSource& source, std::string_view name) {
  const ComputedColumns::Source& of = source.of;
  if (name == "rung" || name == "rungs") return ladder_column(of, name == "rungs");
  if (name == "community" || name == "tier") {
    GRAPEVINE_ASSIGN_OR_RETURN(const Graph graph, of.graph.at(of.snapshot, of.as_of, of.stop));
    return name == "tier" ? tier_column(source, *graph) : community_column(of, *graph);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const Score score, influence_score(source, name));
  return number_column(*score, of.snapshot, *find_score(name));
}

}  // namespace grapevine
