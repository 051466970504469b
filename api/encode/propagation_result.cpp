#include "api/encode/propagation_result.hpp"

#include <utility>

#include "api/encode/json_writer.hpp"

namespace grapevine {
namespace {

void end_answer(JsonWriter& json, const GraphAnswer& answer) {
  json.member("random_seed", answer.random_seed);
  json.member("graph_snapshot", answer.source.graph->snapshot_number());
  json.time_member("as_of", answer.source.moment.as_of);
  json.member("snapshot", answer.source.snapshot->number());
  json.member("elapsed_ms", answer.elapsed_ms);
  json.end_object();
}

// `spread` has a mean, its error and percentiles.
template <typename Spread>
void write_spread(JsonWriter& json, std::string_view name, const Spread& spread) {
  json.key(name);
  json.begin_object();
  json.member("mean", spread.mean);
  json.member("stderr", spread.standard_error);
  json.member("p05", spread.p05);
  json.member("p50", spread.p50);
  json.member("p95", spread.p95);
  json.end_object();
}

void write_mean(JsonWriter& json, std::string_view name, const MeanOverRuns& mean) {
  json.key(name);
  json.begin_object();
  json.member("mean", mean.mean);
  json.member("stderr", mean.standard_error);
  json.end_object();
}

void write_curve(JsonWriter& json, std::span<const CurveStep> curve) {
  json.key("curve");
  json.begin_array();
  for (std::size_t step = 0; step < curve.size(); ++step) {
    json.begin_object();
    json.member("step", step);
    json.member("mean", curve[step].mean);
    json.member("p05", curve[step].p05);
    json.member("p95", curve[step].p95);
    json.end_object();
  }
  json.end_array();
}

// Groups of one name stand together: those of several segments.
void write_groups(JsonWriter& json, std::span<const Grouping> groupings,
                  const SpreadEstimate& spread) {
  if (groupings.empty()) return;
  json.key("by");
  json.begin_array();
  for (std::size_t i = 0; i < groupings.size(); ++i) {
    const Grouping& grouping = groupings[i];
    for (std::size_t group = 0; group < grouping.labels.size(); ++group) {
      const GroupSpread& reached = spread.groups[i][group];
      json.begin_object();
      json.member("by", grouping.name);
      json.raw_member("value", grouping.labels[group]);
      json.member("people", grouping.people[group]);
      // Nobody listens to those outside: they reach themselves, in every run.
      const double mean = reached.mean + static_cast<double>(grouping.outside[group]);
      json.member("mean", mean);
      json.member("stderr", reached.standard_error);
      json.member("share", spread.mean > 0.0 ? mean / spread.mean : 0.0);
      json.end_object();
    }
  }
  json.end_array();
}

std::string_view name_of(RivalTie tie) {
  switch (tie) {
    case RivalTie::Own: return "own";
    case RivalTie::Rival: return "rival";
    case RivalTie::FairCoin: break;
  }
  return "fair_coin";
}

}  // namespace

std::string encode_spread(const SpreadEstimate& spread, std::span<const Grouping> groupings,
                          const SimulateQuery& query, const GraphAnswer& answer) {
  JsonWriter json;
  json.begin_object();
  write_spread(json, "spread", spread);
  write_curve(json, spread.curve);
  write_groups(json, groupings, spread);
  json.member("simulations", query.simulations);
  end_answer(json, answer);
  return std::move(json).take();
}

std::string encode_rivals(const RivalSpread& spread, const SimulateQuery& query,
                          const GraphAnswer& answer) {
  JsonWriter json;
  json.begin_object();
  write_spread(json, "spread", spread.own);
  write_spread(json, "rival_spread", spread.rival);
  write_spread(json, "lead", spread.lead);
  json.member("tie", name_of(query.tie));
  json.member("simulations", query.simulations);
  end_answer(json, answer);
  return std::move(json).take();
}

std::string encode_seeds(const SeedChoice& choice, const GraphAnswer& answer) {
  JsonWriter json;
  json.begin_object();
  json.key("seeds");
  json.begin_array();
  for (const ChosenSeed& seed : choice.seeds) {
    json.begin_object();
    json.member("customer_id", answer.source.graph->external_id(seed.person));
    json.member("marginal_spread", seed.marginal_spread);
    json.member("cost", seed.cost > 0.0 ? seed.cost : 1.0);
    json.end_object();
  }
  json.end_array();
  json.member("spread", choice.spread);
  json.member("lower_bound", choice.lower_bound);
  json.member("optimum_upper_bound", choice.optimum_upper_bound);
  json.member("approximation_ratio", choice.approximation_ratio);
  json.member("guarantee", choice.guarantee);
  if (choice.cost > 0.0) json.member("cost", choice.cost);
  json.member("samples", choice.samples);
  json.member("epsilon", choice.epsilon);
  json.member("delta", choice.delta);
  end_answer(json, answer);
  return std::move(json).take();
}

std::string encode_containment(const Containment& containment,
                               std::span<const PersonAtRisk> at_risk, const GraphAnswer& answer) {
  JsonWriter json;
  json.begin_object();
  json.key("customers");
  json.begin_array();
  for (const ContainingPerson& chosen : containment.people) {
    json.begin_object();
    json.member("customer_id", answer.source.graph->external_id(chosen.person));
    json.member("prevented_spread", chosen.prevented.mean);
    json.member("stderr", chosen.prevented.standard_error);
    json.end_object();
  }
  json.end_array();
  write_mean(json, "spread_without", containment.spread_without);
  write_mean(json, "spread_with", containment.spread_with);
  write_mean(json, "prevented", containment.prevented);
  json.key("at_risk");
  json.begin_array();
  for (const PersonAtRisk& person : at_risk) {
    json.begin_object();
    json.member("customer_id", answer.source.graph->external_id(person.person));
    json.member("probability", person.probability);
    json.member("stderr", person.standard_error);
    json.end_object();
  }
  json.end_array();
  json.member("simulations", containment.evaluations);
  end_answer(json, answer);
  return std::move(json).take();
}

}  // namespace grapevine
