#include "api/encode/influence_model_json.hpp"

#include <string_view>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "kernels/influence/technographics.hpp"
#include "kernels/segment/short_decimal.hpp"

namespace grapevine {
namespace {

// A duration as `half_life` takes it.
std::string duration_text(TimeMs duration_ms) {
  constexpr TimeMs kMinute = 60'000;
  if (duration_ms % (24 * 60 * kMinute) == 0) {
    return std::to_string(duration_ms / (24 * 60 * kMinute)) + "d";
  }
  if (duration_ms % (60 * kMinute) == 0) return std::to_string(duration_ms / (60 * kMinute)) + "h";
  return std::to_string(duration_ms / kMinute) + "m";
}

void write_ladder(JsonWriter& json, const InfluenceModel& model) {
  json.key("ladder");
  json.begin_object();
  for (std::size_t number = kActiveRungs; number > 0; --number) {
    const auto rung = static_cast<Rung>(number);
    json.key(rung_name(rung));
    json.begin_array();
    for (const RungEvent& event : model.ladder) {
      if (event.rung == rung) json.value(event.event);
    }
    json.end_array();
  }
  json.end_object();
  json.member("rungs", model.conversationalists ? 7 : 6);
}

void write_model(JsonWriter& json, const InfluenceModel& model) {
  json.key("verbs");
  json.begin_object();
  for (const VerbWeight& verb : model.verbs) {
    json.member(verb.event, short_decimal(verb.weight));
  }
  json.end_object();
  json.member("half_life", duration_text(model.half_life_ms));
  json.key("value");
  if (model.value.computed.empty()) {
    json.value(model.value.name);
  } else {
    json.raw(model.value.computed.front().said);
  }
  json.key("own_brands");
  json.begin_array();
  for (const std::string& brand : model.own_brands) json.value(brand);
  json.end_array();
  write_ladder(json, model);
}

void write_fit(JsonWriter& json, std::string_view name, const PredictionFit& fit) {
  json.key(name);
  json.begin_object();
  json.member("area_under_curve", fit.area_under_curve);
  json.member("log_loss", fit.log_loss);
  json.key("calibration");
  json.begin_array();
  for (const CalibrationBin& bin : fit.calibration) {
    json.begin_object();
    json.member("predicted", bin.predicted_mean);
    json.member("observed", bin.observed_share);
    json.member("count", bin.count);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_held_out(JsonWriter& json, const LearnedSummary& learned) {
  json.key("held_out");
  json.begin_object();
  if (!learned.fit_problem.empty()) {
    json.member("problem", learned.fit_problem);
    json.end_object();
    return;
  }
  const LearnedFit& fit = learned.fit;
  json.member("contents_trained", fit.contents_trained);
  json.member("contents_held_out", fit.contents_held_out);
  json.time_member("held_out_from", fit.held_out_from);
  json.member("predictions", fit.predictions);
  json.member("acted", fit.acted);
  write_fit(json, "learned", fit.learned);
  write_fit(json, "weighted_cascade", fit.weighted_cascade);
  write_fit(json, "constant", fit.constant);
  json.member("constant_p", fit.constant_p);
  json.end_object();
}

void write_learned(JsonWriter& json, const LearnedSummary& learned) {
  json.key("learned");
  json.begin_object();
  if (!learned.problem.empty()) {
    json.member("problem", learned.problem);
    json.end_object();
    return;
  }
  json.member("contents", learned.contents);
  json.member("actions", learned.actions);
  json.member("actions_exposed", learned.actions_exposed);
  json.member("trials", learned.trials);
  json.member("edges_tried", learned.edges_tried);
  json.member("edges_succeeded", learned.edges_succeeded);
  json.member("mean_probability", learned.global_probability);
  json.member("mean_delay_ms", learned.global_delay_ms);
  write_held_out(json, learned);
  json.end_object();
}

}  // namespace

std::string encode_influence_model(const InfluenceModel& model, const LearnedSummary* learned,
                                   const GraphSource& source) {
  JsonWriter json;
  json.begin_object();
  write_model(json, model);
  const ListenGraph& graph = source.graph->listening();
  json.key("graph");
  json.begin_object();
  json.member("customers", graph.vertices());
  json.member("edges", graph.edges());
  json.member("events", graph.events);
  json.member("self_events", graph.self_events);
  json.end_object();
  if (learned != nullptr) write_learned(json, *learned);
  json.member("graph_snapshot", source.graph->snapshot_number());
  json.time_member("as_of", source.moment.as_of);
  json.member("snapshot", source.snapshot->number());
  json.end_object();
  return std::move(json).take();
}

}  // namespace grapevine
