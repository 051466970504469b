#include "api/encode/propagation_result.hpp"

#include <utility>

#include "api/encode/json_writer.hpp"

namespace grapevine {
namespace {

void end_answer(JsonWriter& json, const GraphAnswer& answer) {
  json.member("random_seed", answer.random_seed);
  json.member("graph_snapshot", answer.source.graph->snapshot_number());
  json.member("snapshot", answer.source.snapshot->number());
  json.member("elapsed_ms", answer.elapsed_ms);
  json.end_object();
}

}  // namespace

std::string encode_spread(const SpreadEstimate& spread, std::size_t simulations,
                          const GraphAnswer& answer) {
  JsonWriter json;
  json.begin_object();
  json.key("spread");
  json.begin_object();
  json.member("mean", spread.mean);
  json.member("stderr", spread.standard_error);
  json.member("p05", spread.p05);
  json.member("p50", spread.p50);
  json.member("p95", spread.p95);
  json.end_object();
  json.key("curve");
  json.begin_array();
  for (std::size_t step = 0; step < spread.curve.size(); ++step) {
    json.begin_object();
    json.member("step", step);
    json.member("mean", spread.curve[step].mean);
    json.member("p05", spread.curve[step].p05);
    json.member("p95", spread.curve[step].p95);
    json.end_object();
  }
  json.end_array();
  json.member("simulations", simulations);
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
    json.member("cost", 1);
    json.end_object();
  }
  json.end_array();
  json.member("spread", choice.spread);
  json.member("lower_bound", choice.lower_bound);
  json.member("optimum_upper_bound", choice.optimum_upper_bound);
  json.member("approximation_ratio", choice.approximation_ratio);
  json.member("samples", choice.samples);
  json.member("epsilon", choice.epsilon);
  json.member("delta", choice.delta);
  end_answer(json, answer);
  return std::move(json).take();
}

}  // namespace grapevine
