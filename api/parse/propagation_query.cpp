#include "api/parse/propagation_query.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <absl/strings/str_format.h>

#include "api/parse/event_rule.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/mistakes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kIdsMax = 1'000'000;

// A number strictly between the bounds, or what it is when absent.
double take_between(ObjectReader& reader, std::string_view name, double low, double high,
                    double absent) {
  const JsonValue* given = reader.take(name);
  if (given == nullptr) return absent;
  const auto value = number_of(*given);
  if (value && *value > low && *value < high) return *value;
  reader.wrong(name, absl::StrFormat("wants a number above %g and below %.3g", low, high));
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

CustomerIds take_ids(ObjectReader& reader, std::string_view name) {
  const JsonArray* ids = reader.take_array(name);
  return ids == nullptr ? CustomerIds()
                        : read_ids(*ids, reader.pointer_to(name), reader.mistakes());
}

std::optional<SegmentName> take_segment(ObjectReader& reader, std::string_view name) {
  const std::string* segment = reader.take_string(name);
  if (segment == nullptr) return std::nullopt;
  return SegmentName{*segment, reader.pointer_to(name)};
}

std::optional<AttributeName> take_attribute(ObjectReader& reader, std::string_view name) {
  const std::string* attribute = reader.take_string(name);
  if (attribute == nullptr) return std::nullopt;
  return AttributeName{*attribute, reader.pointer_to(name)};
}

PeopleRule take_people(ObjectReader& reader, std::string_view name) {
  PeopleRule people{{}, reader.pointer_to(name)};
  const std::string wanted = "a list of customer_ids, {\"segment\": name} or {\"alert\": id}";
  const JsonValue* given = reader.take(name);
  if (given == nullptr) {
    reader.wrong(name, "is missing: wants " + wanted);
  } else if (const auto* ids = given->as<JsonArray>()) {
    people.who = read_ids(*ids, people.pointer, reader.mistakes());
  } else if (const auto* object = given->as<JsonObject>()) {
    ObjectReader within(*object, people.pointer, reader.mistakes());
    if (auto segment = take_segment(within, "segment")) {
      people.who = *std::move(segment);
    } else if (within.has("alert")) {
      const auto id = within.take_whole("alert", 1, INT64_MAX);
      if (id) people.who = AlertName{static_cast<std::uint64_t>(*id), within.pointer_to("alert")};
    } else if (!within.has("segment")) {
      within.wrong("segment", "the name of a segment is needed");
    }
    within.refuse_others();
  } else {
    reader.wrong(name, wanted + " is needed, not " + std::string(given->kind()));
  }
  return people;
}

TimeMs take_staleness(ObjectReader& reader) {
  const std::string* text = reader.take_string("max_staleness");
  if (text == nullptr) return 0;
  if (const auto age = parse_staleness(*text)) return *age;
  reader.wrong("max_staleness", kWantsStaleness + *text);
  return 0;
}

void take_common(ObjectReader& reader, PropagationQuery& query) {
  query.model = take_model(reader);
  query.probability = take_probability(reader);
  query.random_seed =
      static_cast<std::uint64_t>(reader.take_whole("random_seed", 0, INT64_MAX).value_or(1));
  query.moment.as_of = reader.take_as_of();
  query.moment.snapshot = reader.take_snapshot();
  query.moment.restriction = take_graph_restriction(reader);
  query.moment.max_staleness_ms = take_staleness(reader);
}

std::vector<double> take_bands(ObjectReader& reader) {
  std::vector<double> bands;
  const JsonArray* given = reader.take_array("bands");
  if (given == nullptr) return bands;
  for (const JsonValue& band : *given) {
    const auto value = number_of(band);
    if (!value || (!bands.empty() && *value <= bands.back())) {
      reader.wrong("bands", "wants ascending numbers: where each next band begins");
      return {};
    }
    bands.push_back(*value);
  }
  if (bands.empty() || bands.size() > GroupingRule::kBandsMax) {
    reader.wrong("bands", "wants 1 to 100 numbers");
  }
  return bands;
}

GroupingRule read_grouping(const JsonValue& given, const std::string& pointer, Mistakes& mistakes) {
  GroupingRule rule{pointer, {}, {}, {}};
  if (const auto* name = given.as<std::string>()) {
    rule.attribute = *name;
    return rule;
  }
  const auto* object = given.as<JsonObject>();
  if (object == nullptr) {
    mistakes.add(pointer, "wants an attribute, {\"attribute\", \"bands\"} or {\"segments\"}, not " +
                              std::string(given.kind()));
    return rule;
  }
  ObjectReader reader(*object, pointer, mistakes);
  if (const std::string* name = reader.take_string("attribute")) rule.attribute = *name;
  rule.bands = take_bands(reader);
  if (const JsonArray* segments = reader.take_array("segments")) {
    rule.segments = read_strings(*segments, reader.pointer_to("segments"), mistakes);
    if (segments->empty() || segments->size() > GroupingRule::kBandsMax) {
      reader.wrong("segments", "wants 1 to 100 names");
    }
  }
  if (reader.has("attribute") == reader.has("segments")) {
    mistakes.add(pointer, "wants one of attribute and segments");
  }
  reader.refuse_others();
  return rule;
}

void take_groupings(ObjectReader& reader, SimulateQuery& query) {
  const JsonArray* given = reader.take_array("by");
  if (given == nullptr) return;
  if (given->size() > SimulateQuery::kGroupingsMax) {
    return reader.wrong("by", "wants at most 8 ways to divide people");
  }
  for (std::size_t i = 0; i < given->size(); ++i) {
    query.by.push_back(read_grouping((*given)[i], reader.pointer_to("by") + '/' + std::to_string(i),
                                     reader.mistakes()));
  }
}

void take_rivals(ObjectReader& reader, SimulateQuery& query) {
  if (reader.has("rival_seeds")) query.rival_seeds = take_people(reader, "rival_seeds");
  const std::string* tie = reader.take_string("tie");
  if (tie != nullptr && !query.rival_seeds) {
    reader.wrong("tie", "wants rival_seeds beside it");
  } else if (tie != nullptr && *tie == "own") {
    query.tie = RivalTie::Own;
  } else if (tie != nullptr && *tie == "rival") {
    query.tie = RivalTie::Rival;
  } else if (tie != nullptr && *tie != "fair_coin") {
    reader.wrong("tie", "no such tie: " + *tie + " (there are own, rival and fair_coin)");
  }
  if (!query.rival_seeds) return;
  if (!query.by.empty()) reader.wrong("by", "is not told of two sides: ask for each alone");
  if (query.model != CascadeModel::IndependentCascade) {
    reader.wrong("model", "two sides spread by ic");
  }
}

// Where everyone costs 1, a budget is a number of seeds.
void take_budget(ObjectReader& reader, SeedsQuery& query) {
  if (!reader.has("budget")) return;
  constexpr double kBudgetMax = 1e15;
  const auto budget = reader.take_number("budget", query.cost ? 0.0 : 1.0,
                                         query.cost ? kBudgetMax : double(SeedsQuery::kSeedsMax));
  if (!budget) return;
  if (*budget == 0.0) return reader.wrong("budget", "wants more than 0");
  if (query.cost) {
    query.budget = budget;
  } else {
    query.k = static_cast<std::size_t>(*budget);
  }
}

}  // namespace

absl::StatusOr<SimulateQuery> parse_simulate_query(std::string_view body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  Mistakes mistakes;
  ObjectReader reader(object, "", mistakes);
  SimulateQuery query;
  query.seeds = take_people(reader, "seeds");
  take_common(reader, query);
  query.simulations = static_cast<std::size_t>(
      reader.take_whole("simulations", 1, SimulateQuery::kSimulationsMax).value_or(10'000));
  query.horizon = static_cast<std::size_t>(
      reader.take_whole("horizon", 1, SimulateQuery::kHorizonMax).value_or(0));
  query.audience = take_segment(reader, "audience");
  take_groupings(reader, query);
  take_rivals(reader, query);
  reader.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return query;
}

absl::StatusOr<SeedsQuery> parse_seeds_query(std::string_view body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  Mistakes mistakes;
  ObjectReader reader(object, "", mistakes);
  SeedsQuery query;
  if (!reader.has("k") && !reader.has("budget")) {
    reader.wrong("k",
                 "is missing: wants how many seeds, a whole number from 1 on; or give a budget");
  }
  if (reader.has("k") && reader.has("budget")) reader.wrong("budget", "wants no k beside it");
  query.k = static_cast<std::size_t>(reader.take_whole("k", 1, SeedsQuery::kSeedsMax).value_or(1));
  query.cost = take_attribute(reader, "cost");
  take_budget(reader, query);
  if (query.cost && !reader.has("budget")) reader.wrong("cost", "wants a budget beside it");
  query.value = take_attribute(reader, "value");
  take_common(reader, query);
  query.candidates = take_segment(reader, "candidates");
  query.audience = take_segment(reader, "audience");
  query.exclude = take_ids(reader, "exclude");
  const double guarantee = query.budget ? 1.0 - std::exp(-0.5) : 1.0 - std::exp(-1.0);
  query.epsilon = take_between(reader, "epsilon", 0.0, guarantee, 0.1);
  query.delta = take_between(reader, "delta", 0.0, 1.0, 0.0);
  reader.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return query;
}

absl::StatusOr<ContainQuery> parse_contain_query(std::string_view body) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  Mistakes mistakes;
  ObjectReader reader(object, "", mistakes);
  ContainQuery query;
  query.spreading = take_people(reader, "spreading");
  if (!reader.has("k")) {
    reader.wrong("k", "is missing: wants how many people, a whole number from 1 to 1000");
  }
  query.k =
      static_cast<std::size_t>(reader.take_whole("k", 1, ContainQuery::kPeopleMax).value_or(1));
  take_common(reader, query);
  query.candidates = take_segment(reader, "candidates");
  query.value = take_attribute(reader, "value");
  query.exclude = take_ids(reader, "exclude");
  query.simulations =
      static_cast<std::size_t>(reader.take_whole("simulations", 1, 100'000).value_or(4'000));
  query.at_risk = static_cast<std::size_t>(
      reader.take_whole("at_risk", 0, ContainQuery::kAtRiskMax).value_or(10));
  query.horizon = static_cast<std::size_t>(
      reader.take_whole("horizon", 1, SimulateQuery::kHorizonMax).value_or(0));
  reader.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return query;
}

}  // namespace grapevine
