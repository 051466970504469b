#include "api/parse/probability_rule.hpp"

#include <algorithm>

#include "api/encode/json_writer.hpp"
#include "api/parse/nearest_name.hpp"

namespace grapevine {
namespace {

using Kind = ProbabilityRule::Kind;

bool is_probability(const std::optional<double>& value) {
  return value && *value >= 0.0 && *value <= 1.0;
}

void take_constant(ObjectReader& rule, ProbabilityRule& taken) {
  if (const JsonValue* p = rule.take("p")) {
    const auto value = number_of(*p);
    if (is_probability(value)) {
      taken.p = *value;
    } else {
      rule.wrong("p", "a number from 0 to 1 is needed");
    }
  }
  const JsonObject* channels = rule.take_object("by_channel");
  if (channels == nullptr) return;
  if (channels->size() > ProbabilityRule::kChannelsMax) {
    return rule.wrong("by_channel", "names more than 16 channels");
  }
  ObjectReader names(*channels, rule.pointer_to("by_channel"), rule.mistakes());
  for (const auto& [channel, p] : *channels) {
    names.take(channel);
    const auto value = number_of(p);
    if (is_probability(value)) {
      taken.by_channel.emplace_back(channel, *value);
    } else {
      names.wrong(channel, "a number from 0 to 1 is needed");
    }
  }
  names.refuse_others();
  std::sort(taken.by_channel.begin(), taken.by_channel.end());
}

}  // namespace

std::optional<double> number_of(const JsonValue& given) {
  if (const auto* whole = given.as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* real = given.as<double>()) return *real;
  return std::nullopt;
}

std::string ProbabilityRule::key() const {
  JsonWriter json;
  json.begin_array();
  json.value(static_cast<int>(kind));
  if (kind == Kind::Constant) json.value(p);
  for (const auto& [channel, passes] : by_channel) {
    json.value(channel);
    json.value(passes);
  }
  json.end_array();
  return std::move(json).take();
}

ProbabilityRule take_probability(ObjectReader& reader) {
  ProbabilityRule taken;
  const JsonObject* given = reader.take_object("probability");
  if (given == nullptr) return taken;
  ObjectReader rule(*given, reader.pointer_to("probability"), reader.mistakes());
  taken.pointer = rule.pointer_to("rule");
  const std::string* name = rule.take_string("rule");
  if (name == nullptr) {
    if (!rule.has("rule")) {
      rule.wrong("rule", "a rule is needed: weighted_cascade, constant or learned");
    }
    rule.take("p");
    rule.take("by_channel");
  } else if (*name == "constant") {
    taken.kind = Kind::Constant;
    take_constant(rule, taken);
  } else if (*name == "learned") {
    taken.kind = Kind::Learned;
  } else if (*name != "weighted_cascade") {
    rule.wrong("rule", no_such("rule", *name, {"weighted_cascade", "constant", "learned"}) +
                           "; there are weighted_cascade, constant and learned");
    rule.take("p");
    rule.take("by_channel");
  }
  rule.refuse_others();
  return taken;
}

CascadeModel take_model(ObjectReader& reader) {
  const std::string* model = reader.take_string("model");
  if (model == nullptr || *model == "ic") return CascadeModel::IndependentCascade;
  if (*model != "lt") reader.wrong("model", "no such model: " + *model + " (there are ic and lt)");
  return CascadeModel::LinearThreshold;
}

}  // namespace grapevine
