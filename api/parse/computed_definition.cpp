#include "api/parse/computed_definition.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/parse/condition_budget.hpp"
#include "api/parse/event_rule.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "api/parse/value_rule.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, 6> kKinds{"event",    "latest", "add",
                                                 "subtract", "divide", "quantile_of"};
constexpr std::string_view kWantsKind =
    "wants a computation, one of: event, latest, add, subtract, divide, quantile_of";

std::string json_text(const JsonValue& content) {
  JsonWriter json;
  write_json(json, content);
  return std::move(json).take();
}

class ComputedReader {
 public:
  explicit ComputedReader(Mistakes& mistakes) : mistakes_(mistakes), budget_(mistakes) {}

  std::optional<ComputedDefinition> read(const JsonValue& content, const std::string& pointer,
                                         int nesting) {
    const auto* object = content.as<JsonObject>();
    if (object == nullptr) {
      mistakes_.add(pointer, std::string(kWantsKind) + "; not " + std::string(content.kind()));
      return std::nullopt;
    }
    if (nesting == kNestingMax) {
      mistakes_.add(pointer, "nested deeper than " + std::to_string(kNestingMax));
      return std::nullopt;
    }
    if (!budget_.take(pointer)) return std::nullopt;
    ObjectReader reader(*object, pointer, mistakes_);
    const std::string_view kind = kind_of(reader);
    if (kind.empty()) return std::nullopt;
    ComputedDefinition definition{pointer, json_text(content), {}};
    const std::size_t before = mistakes_.count();
    read_kind(kind, reader, nesting, definition);
    reader.refuse_others();
    if (mistakes_.count() != before && is_empty(definition)) return std::nullopt;
    return definition;
  }

 private:
  std::string_view kind_of(ObjectReader& reader) {
    std::string_view kind;
    for (const std::string_view known : kKinds) {
      if (!reader.has(known)) continue;
      if (!kind.empty()) {
        mistakes_.add(reader.pointer(), "wants one of `" + std::string(kind) + "` and `" +
                                            std::string(known) + "`, not both");
        return {};
      }
      kind = known;
    }
    if (!kind.empty()) return kind;
    for (const std::string_view known : kKinds) reader.take(known);  // To suggest one of them.
    const std::size_t before = mistakes_.count();
    reader.refuse_others();
    if (mistakes_.count() == before) mistakes_.add(reader.pointer(), std::string(kWantsKind));
    return {};
  }

  void read_kind(std::string_view kind, ObjectReader& reader, int nesting,
                 ComputedDefinition& definition) {
    if (kind == "event") {
      definition.what = read_measured(reader);
    } else if (kind == "latest") {
      definition.what = read_latest(reader);
    } else if (kind == "quantile_of") {
      definition.what = read_groups(reader, nesting);
    } else {
      definition.what = read_combined(kind, reader, nesting);
    }
  }

  // What was wrong as a whole: there is nothing in it to look up.
  static bool is_empty(const ComputedDefinition& definition) {
    if (const auto* combined = std::get_if<CombinedAttributes>(&definition.what)) {
      return combined->operands.empty();
    }
    if (const auto* groups = std::get_if<AttributeGroups>(&definition.what)) {
      return groups->of.empty();
    }
    if (const auto* latest = std::get_if<LatestEvent>(&definition.what)) {
      return latest->events.events.names.empty();
    }
    return !std::get<MeasuredEvents>(definition.what).events.aggregate;
  }

  EventCondition read_events(ObjectReader& reader) {
    EventCondition condition;
    condition.events = read_event_rule(reader, "event", budget_);
    condition.window = read_window(reader);
    condition.clock = read_clock(reader);
    condition.timezone = read_timezone(reader);
    return condition;
  }

  MeasuredEvents read_measured(ObjectReader& reader) {
    MeasuredEvents measured{read_events(reader)};
    measured.events.occurrence = read_occurrence(reader);
    const std::size_t before = mistakes_.count();
    measured.events.aggregate = read_aggregate(reader, AggregateForm::Unbounded);
    if (!measured.events.aggregate && mistakes_.count() == before) {
      mistakes_.add(reader.pointer(),
                    "wants what events come to: count, sum, avg, min, max or distinct");
    }
    return measured;
  }

  LatestEvent read_latest(ObjectReader& reader) {
    LatestEvent latest;
    const JsonObject* object = reader.take_object("latest");
    if (object == nullptr) return latest;
    ObjectReader inside(*object, reader.pointer_to("latest"), mistakes_);
    if (inside.has("event")) {
      latest.events = read_events(inside);
    } else {
      inside.wrong("event", "wants the name of an event, or a list of names");
    }
    if (const std::string* of = inside.take_string("of")) latest.of = *of;
    if (!inside.has("of")) inside.wrong("of", "wants the column whose value is taken");
    inside.refuse_others();
    return latest;
  }

  CombinedAttributes read_combined(std::string_view kind, ObjectReader& reader, int nesting) {
    CombinedAttributes combined;
    if (kind == "subtract") combined.operation = Arithmetic::Subtract;
    if (kind == "divide") combined.operation = Arithmetic::Divide;
    const bool is_add = combined.operation == Arithmetic::Add;
    const JsonArray* list = reader.take_array(kind);
    if (list == nullptr) return combined;
    if (list->size() < 2 || list->size() > (is_add ? kOperandsMax : 2)) {
      reader.wrong(kind, is_add ? "wants 2 to 10 attributes" : "wants two attributes");
      return combined;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string place = reader.pointer_to(kind) + '/' + std::to_string(i);
      if (auto operand = read_operand((*list)[i], place, nesting)) {
        combined.operands.push_back(*std::move(operand));
      }
    }
    return combined;
  }

  AttributeGroups read_groups(ObjectReader& reader, int nesting) {
    AttributeGroups groups;
    const std::string place = reader.pointer_to("quantile_of");
    if (auto operand = read_operand(*reader.take("quantile_of"), place, nesting)) {
      groups.of.push_back(*std::move(operand));
    }
    const auto number = reader.take_whole("groups", 2, kGroupsMax);
    if (!reader.has("groups")) reader.wrong("groups", "wants how many groups: 2 to 100");
    groups.groups = static_cast<std::size_t>(number.value_or(2));
    return groups;
  }

  std::optional<ComputedOperand> read_operand(const JsonValue& content, const std::string& pointer,
                                              int nesting) {
    if (const auto* name = content.as<std::string>()) return ComputedOperand{pointer, *name, {}};
    if (content.as<JsonObject>() == nullptr) {
      mistakes_.add(pointer, "wants the name of an attribute, or a computation, not " +
                                 std::string(content.kind()));
      return std::nullopt;
    }
    auto computed = read(content, pointer, nesting + 1);
    if (!computed) return std::nullopt;
    ComputedOperand operand{pointer, {}, {}};
    operand.computed.push_back(*std::move(computed));
    return operand;
  }

  Mistakes& mistakes_;
  ConditionBudget budget_;
};

void collect(const ComputedDefinition& definition, std::vector<std::string>& names) {
  const auto add = [&](const std::vector<ComputedOperand>& operands) {
    for (const ComputedOperand& operand : operands) {
      for (const ComputedDefinition& computed : operand.computed) collect(computed, names);
      if (operand.computed.empty()) names.push_back(operand.name);
    }
  };
  if (const auto* combined = std::get_if<CombinedAttributes>(&definition.what)) {
    add(combined->operands);
  }
  if (const auto* groups = std::get_if<AttributeGroups>(&definition.what)) add(groups->of);
}

}  // namespace

std::optional<ComputedDefinition> parse_computed_definition(const JsonValue& definition,
                                                            const std::string& pointer,
                                                            Mistakes& mistakes) {
  const std::size_t before = mistakes.count();
  refuse_nul(definition, pointer, mistakes);
  const bool holds_nul = mistakes.count() != before;  // No name with one is worth looking up.
  auto read = ComputedReader(mistakes).read(definition, pointer, 0);
  return holds_nul ? std::nullopt : std::move(read);
}

std::vector<std::string> attributes_in(const ComputedDefinition& definition) {
  std::vector<std::string> names;
  collect(definition, names);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace grapevine
