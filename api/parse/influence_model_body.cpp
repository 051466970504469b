#include "api/parse/influence_model_body.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "api/parse/event_rule.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/object_reader.hpp"

namespace grapevine {
namespace {

constexpr double kWeightMax = 1e6;

std::optional<double> number(const JsonValue& given) {
  if (const auto* whole = given.as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* real = given.as<double>()) return *real;
  return std::nullopt;
}

// An attribute's name, or a computation.
std::optional<ComputedOperand> read_value(const JsonValue& given, const std::string& pointer,
                                          Mistakes& mistakes) {
  if (const auto* name = given.as<std::string>()) return ComputedOperand{pointer, *name, {}};
  auto computed = parse_computed_definition(given, pointer, mistakes);
  if (!computed) return std::nullopt;
  ComputedOperand operand{pointer, {}, {}};
  operand.computed.push_back(*std::move(computed));
  return operand;
}

std::vector<VerbWeight> read_verbs(const JsonObject& given, const std::string& pointer,
                                   Mistakes& mistakes) {
  std::vector<VerbWeight> verbs;
  if (given.empty() || given.size() > InfluenceModel::kVerbsMax) {
    mistakes.add(pointer, "wants 1 to 64 event names, each with its weight");
    return verbs;
  }
  ObjectReader names(given, pointer, mistakes);  // Tells where a name that comes twice stands.
  for (const auto& [event, weight] : given) {
    names.take(event);
    const auto value = number(weight);
    if (!value || !(*value > 0.0 && *value <= kWeightMax)) {
      mistakes.add(names.pointer_to(event), "wants a weight above 0, at most 1000000");
      continue;
    }
    verbs.push_back({event, static_cast<float>(*value)});
  }
  names.refuse_others();
  return verbs;
}

TimeMs read_half_life(ObjectReader& reader, TimeMs absent) {
  const std::string* text = reader.take_string("half_life");
  if (text == nullptr) return absent;
  const auto span = parse_within(*text);
  if (span && std::holds_alternative<TimeMs>(*span)) return std::get<TimeMs>(*span);
  reader.wrong("half_life", "wants a duration (12h, 90d, 6w), not: " + *text);
  return absent;
}

// Rungs by name, each with its events. One that is not named has none.
std::vector<RungEvent> read_ladder(const JsonObject& given, const std::string& pointer,
                                   Mistakes& mistakes) {
  std::vector<RungEvent> ladder;
  ObjectReader reader(given, pointer, mistakes);
  for (std::size_t number = kActiveRungs; number > 0; --number) {
    const auto rung = static_cast<Rung>(number);
    const JsonArray* events = reader.take_array(rung_name(rung));
    if (events == nullptr) continue;
    if (events->size() > InfluenceModel::kRungEventsMax) {
      reader.wrong(rung_name(rung), "wants at most 64 event names");
      continue;
    }
    for (std::string& event : read_strings(*events, reader.pointer_to(rung_name(rung)), mistakes)) {
      ladder.push_back({std::move(event), rung});
    }
  }
  reader.refuse_others();
  return ladder;
}

}  // namespace

const std::string_view kDefaultValue =
    R"({"subtract":[{"event":"Order Completed","sum":{"of":"value"},"within":"365d"},)"
    R"({"event":"Order Refunded","sum":{"of":"value"},"within":"365d"}]})";

InfluenceModel::InfluenceModel() {
  ladder.assign(default_rung_events().begin(), default_rung_events().end());
  Mistakes none;
  value = *read_value(*read_json(kDefaultValue), "/value", none);
}

InfluenceModel parse_influence_model(const JsonObject& body, Mistakes& mistakes) {
  InfluenceModel model;
  ObjectReader reader(body, "", mistakes);
  if (const JsonObject* verbs = reader.take_object("verbs")) {
    model.verbs = read_verbs(*verbs, reader.pointer_to("verbs"), mistakes);
  }
  model.half_life_ms = read_half_life(reader, model.half_life_ms);
  if (const JsonValue* value = reader.take("value")) {
    if (auto read = read_value(*value, reader.pointer_to("value"), mistakes)) {
      model.value = *std::move(read);
    }
  }
  if (const JsonArray* brands = reader.take_array("own_brands")) {
    if (brands->size() > InfluenceModel::kBrandsMax) {
      reader.wrong("own_brands", "wants at most 1000 brands");
    } else {
      model.own_brands = read_strings(*brands, reader.pointer_to("own_brands"), mistakes);
      std::sort(model.own_brands.begin(), model.own_brands.end());
    }
  }
  if (const JsonObject* ladder = reader.take_object("ladder")) {
    model.ladder = read_ladder(*ladder, reader.pointer_to("ladder"), mistakes);
  }
  const auto rungs = reader.take_whole("rungs", 6, 7);
  model.conversationalists = rungs.value_or(7) == 7;
  reader.refuse_others();
  return model;
}

}  // namespace grapevine
