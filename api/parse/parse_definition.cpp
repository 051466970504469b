#include "api/parse/parse_definition.hpp"

#include <array>
#include <utility>

#include "api/parse/condition_budget.hpp"
#include "api/parse/event_rule.hpp"
#include "api/parse/graph_condition.hpp"
#include "api/parse/object_reader.hpp"
#include "api/parse/place_condition.hpp"
#include "api/parse/sequence_condition.hpp"
#include "api/parse/value_rule.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, 12> kKinds{
    "all",  "any",    "not",       "attribute",    "event",   "sequence",
    "near", "in_box", "influence", "connected_to", "segment", "customers"};

class DefinitionReader {
 public:
  explicit DefinitionReader(Mistakes& mistakes) : mistakes_(mistakes), budget_(mistakes) {}

  std::optional<Condition> read(const JsonValue& content, const std::string& pointer, int nesting) {
    const auto* object = content.as<JsonObject>();
    if (object == nullptr) {
      mistakes_.add(pointer, "wants a condition, an object, not " + std::string(content.kind()));
      return std::nullopt;
    }
    if (!budget_.take(pointer)) return std::nullopt;
    ObjectReader reader(*object, pointer, mistakes_);
    const std::string_view kind = kind_of(reader);
    if (kind.empty()) return std::nullopt;
    auto what = read_kind(kind, reader, nesting);
    reader.refuse_others();
    return what;
  }

 private:
  using Read = std::optional<Condition>;

  // Which kind of condition it is; empty, with a mistake noted, where that cannot be told.
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
    if (kind.empty()) {
      for (const std::string_view known : kKinds) reader.take(known);  // To suggest one of them.
      const std::size_t before = mistakes_.count();
      reader.refuse_others();
      if (mistakes_.count() == before) {
        std::string known;
        for (const std::string_view name : kKinds) known.append(", ").append(name);
        mistakes_.add(reader.pointer(), "wants a condition, one of: " + known.substr(2));
      }
    }
    return kind;
  }

  Read read_kind(std::string_view kind, ObjectReader& reader, int nesting) {
    if (kind == "all" || kind == "any" || kind == "not") return read_boolean(kind, reader, nesting);
    if (kind == "attribute") return read_attribute(reader);
    if (kind == "event") return read_event(reader);
    if (kind == "sequence") return condition(reader, read_sequence(reader, budget_));
    if (kind == "near") return condition(reader, read_near(reader));
    if (kind == "in_box") return condition(reader, read_box(reader));
    if (kind == "influence") return condition(reader, read_influence(reader));
    if (kind == "connected_to") return condition(reader, read_connected(reader));
    if (kind == "segment") return read_segment(reader);
    return read_customers(reader);
  }

  template <typename What>
  static Read condition(const ObjectReader& reader, std::optional<What> what) {
    if (!what) return std::nullopt;
    return Condition{reader.pointer(), *std::move(what)};
  }

  Read read_boolean(std::string_view kind, ObjectReader& reader, int nesting) {
    if (nesting == kNestingMax) {
      reader.take(kind);
      reader.wrong(kind, "nested deeper than " + std::to_string(kNestingMax));
      return std::nullopt;
    }
    if (kind == "not") {
      NotOf negation;
      auto part = read(*reader.take("not"), reader.pointer_to("not"), nesting + 1);
      if (!part) return std::nullopt;
      negation.part.push_back(*std::move(part));
      return Condition{reader.pointer(), std::move(negation)};
    }
    const JsonArray* list = reader.take_array(kind);
    if (list == nullptr) return std::nullopt;
    std::vector<Condition> parts;
    for (std::size_t i = 0; i < list->size() && !budget_.is_spent(); ++i) {
      const std::string place = reader.pointer_to(kind) + '/' + std::to_string(i);
      if (auto part = read((*list)[i], place, nesting + 1)) parts.push_back(*std::move(part));
    }
    if (kind == "all") return Condition{reader.pointer(), AllOf{std::move(parts)}};
    return Condition{reader.pointer(), AnyOf{std::move(parts)}};
  }

  Read read_attribute(ObjectReader& reader) {
    const std::string* name = reader.take_string("attribute");
    std::string timezone = read_timezone(reader);
    auto rule = read_value_rule(reader, name == nullptr ? "" : *name);
    if (name == nullptr || !rule) return std::nullopt;
    return Condition{reader.pointer(), AttributeCondition{*std::move(rule), std::move(timezone)}};
  }

  Read read_event(ObjectReader& reader) {
    EventCondition condition;
    condition.events = read_event_rule(reader, "event", budget_);
    condition.window = read_window(reader);
    condition.clock = read_clock(reader);
    condition.timezone = read_timezone(reader);
    condition.occurrence = read_occurrence(reader);
    condition.aggregate = read_aggregate(reader);
    return Condition{reader.pointer(), std::move(condition)};
  }

  Read read_segment(ObjectReader& reader) {
    const std::string* name = reader.take_string("segment");
    if (name == nullptr) return std::nullopt;
    return Condition{reader.pointer(), SegmentCondition{*name}};
  }

  Read read_customers(ObjectReader& reader) {
    const JsonArray* list = reader.take_array("customers");
    if (list == nullptr) return std::nullopt;
    if (list->size() > kListedMax) {
      reader.wrong("customers", "lists more than " + std::to_string(kListedMax) + " ids");
      return std::nullopt;
    }
    CustomersCondition customers;
    customers.ids = read_strings(*list, reader.pointer_to("customers"), mistakes_);
    return Condition{reader.pointer(), std::move(customers)};
  }

  Mistakes& mistakes_;
  ConditionBudget budget_;
};

}  // namespace

std::optional<Condition> parse_definition(const JsonValue& definition, const std::string& pointer,
                                          Mistakes& mistakes) {
  const std::size_t before = mistakes.count();
  refuse_nul(definition, pointer, mistakes);
  const bool holds_nul = mistakes.count() != before;  // No name with one is worth looking up.
  auto read = DefinitionReader(mistakes).read(definition, pointer, 0);
  return holds_nul ? std::nullopt : std::move(read);
}

bool is_resource_name(std::string_view name) {
  constexpr std::size_t kNameMax = 64;
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  if (name.empty() || name.size() > kNameMax || !is_letter(name.front())) return false;
  for (const char c : name) {
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_') return false;
  }
  return true;
}

}  // namespace grapevine
