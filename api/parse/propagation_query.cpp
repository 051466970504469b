#include "api/parse/propagation_query.hpp"

#include <cmath>
#include <utility>

#include "api/parse/json_reader.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/object_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kIdsMax = 1'000'000;

std::optional<double> number(const JsonValue& given) {
  if (const auto* whole = given.as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* real = given.as<double>()) return *real;
  return std::nullopt;
}

// A number strictly between the bounds, or what it is when absent.
double take_between(ObjectReader& reader, std::string_view name, double low, double high,
                    double absent) {
  const JsonValue* given = reader.take(name);
  if (given == nullptr) return absent;
  const auto value = number(*given);
  if (value && *value > low && *value < high) return *value;
  reader.wrong(name, "a number above " + std::to_string(low).substr(0, 4) + " and below " +
                         std::to_string(high).substr(0, 5) + " is needed");
  return absent;
}

CustomerIds read_ids(const JsonArray& given, const std::string& pointer, Mistakes& mistakes) {
  CustomerIds ids;
  if (given.size() > kIdsMax) {
    mistakes.add(pointer, "at most 1000000 customers may be named; a segment may hold more");
    return ids;
  }
  ids.reserve(given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (const auto* id = given[i].as<std::string>()) {
      ids.push_back(*id);
    } else {
      mistakes.add(pointer + "/" + std::to_string(i),
                   "wants a customer_id, a string, not " + std::string(given[i].kind()));
    }
  }
  return ids;
}

std::optional<SegmentName> take_segment(ObjectReader& reader, std::string_view name) {
  const std::string* segment = reader.take_string(name);
  if (segment == nullptr) return std::nullopt;
  return SegmentName{*segment, reader.pointer_to(name)};
}

void take_seeds(ObjectReader& reader, Mistakes& mistakes, SimulateQuery& query) {
  const JsonValue* given = reader.take("seeds");
  if (given == nullptr) {
    reader.wrong("seeds", "seeds are needed: a list of customer_ids, or {\"segment\": name}");
  } else if (const auto* ids = given->as<JsonArray>()) {
    query.seeds = read_ids(*ids, reader.pointer_to("seeds"), mistakes);
  } else if (const auto* object = given->as<JsonObject>()) {
    ObjectReader within(*object, reader.pointer_to("seeds"), mistakes);
    if (auto segment = take_segment(within, "segment")) {
      query.seeds = *std::move(segment);
    } else if (!within.has("segment")) {
      within.wrong("segment", "the name of a segment is needed");
    }
    within.refuse_others();
  } else {
    reader.wrong("seeds", "a list of customer_ids or {\"segment\": name} is needed, not " +
                              std::string(given->kind()));
  }
}

void take_model(ObjectReader& reader) {
  const std::string* model = reader.take_string("model");
  if (model == nullptr || *model == "ic") return;
  reader.wrong("model", *model == "lt" ? "not supported yet by this version: lt"
                                       : "no such model: " + *model + " (there is ic)");
}

ProbabilityRule take_probability(ObjectReader& reader, Mistakes& mistakes) {
  const JsonObject* given = reader.take_object("probability");
  if (given == nullptr) return WeightedCascade{};
  ObjectReader rule(*given, reader.pointer_to("probability"), mistakes);
  ProbabilityRule taken = WeightedCascade{};
  const std::string* name = rule.take_string("rule");
  if (name == nullptr) {
    if (!rule.has("rule")) rule.wrong("rule", "a rule is needed: weighted_cascade or constant");
    rule.take("p");
  } else if (*name == "constant") {
    ConstantProbability constant;
    if (const JsonValue* p = rule.take("p")) {
      const auto value = number(*p);
      if (value && *value >= 0.0 && *value <= 1.0) {
        constant.p = *value;
      } else {
        rule.wrong("p", "a number from 0 to 1 is needed");
      }
    }
    taken = constant;
  } else if (*name == "learned") {
    rule.wrong("rule", "not supported yet by this version: learned");
  } else if (*name != "weighted_cascade") {
    rule.wrong("rule", "no such rule: " + *name + " (there are weighted_cascade and constant)");
    rule.take("p");
  }
  rule.refuse_others();
  return taken;
}

std::uint64_t take_random_seed(ObjectReader& reader) {
  return static_cast<std::uint64_t>(reader.take_whole("random_seed", 0, INT64_MAX).value_or(1));
}

}  // namespace

absl::StatusOr<SimulateQuery> parse_simulate_query(std::string_view body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  Mistakes mistakes;
  ObjectReader reader(object, "", mistakes);
  SimulateQuery query;
  take_seeds(reader, mistakes, query);
  take_model(reader);
  query.probability = take_probability(reader, mistakes);
  query.simulations = static_cast<std::size_t>(
      reader.take_whole("simulations", 1, SimulateQuery::kSimulationsMax).value_or(10'000));
  query.horizon = static_cast<std::size_t>(
      reader.take_whole("horizon", 1, SimulateQuery::kHorizonMax).value_or(0));
  query.audience = take_segment(reader, "audience");
  query.random_seed = take_random_seed(reader);
  query.moment = {reader.take_as_of(), reader.take_snapshot()};
  reader.refuse_others({"by"});
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return query;
}

absl::StatusOr<SeedsQuery> parse_seeds_query(std::string_view body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  Mistakes mistakes;
  ObjectReader reader(object, "", mistakes);
  SeedsQuery query;
  if (!reader.has("k") && !reader.has("budget")) {
    reader.wrong("k", "how many seeds is needed: a whole number, at least 1");
  }
  query.k = static_cast<std::size_t>(reader.take_whole("k", 1, SeedsQuery::kSeedsMax).value_or(1));
  take_model(reader);
  query.probability = take_probability(reader, mistakes);
  query.candidates = take_segment(reader, "candidates");
  query.audience = take_segment(reader, "audience");
  if (const JsonArray* ids = reader.take_array("exclude")) {
    query.exclude = read_ids(*ids, reader.pointer_to("exclude"), mistakes);
  }
  query.epsilon = take_between(reader, "epsilon", 0.0, 1.0 - std::exp(-1.0), 0.1);
  query.delta = take_between(reader, "delta", 0.0, 1.0, 0.0);
  query.random_seed = take_random_seed(reader);
  query.moment = {reader.take_as_of(), reader.take_snapshot()};
  reader.refuse_others({"budget", "cost", "value"});
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return query;
}

}  // namespace grapevine
