#include "api/parse/parse_definition.hpp"

#include <array>
#include <utility>

#include "api/parse/json_mistake.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/object_reader.hpp"
#include "api/parse/value_rule.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, 7> kKinds{"all",   "any",     "not",      "attribute",
                                                 "event", "segment", "customers"};
// Of the contract, but of a later version.
constexpr std::array<std::string_view, 5> kLaterKinds{"sequence", "near", "in_box", "influence",
                                                      "connected_to"};

class DefinitionReader {
 public:
  explicit DefinitionReader(Mistakes& mistakes) : mistakes_(mistakes) {}

  std::optional<Condition> read(const JsonValue& content, const std::string& pointer, int nesting) {
    const auto* object = content.as<JsonObject>();
    if (object == nullptr) {
      mistakes_.add(pointer, "wants a condition, an object, not " + std::string(content.kind()));
      return std::nullopt;
    }
    if (!count_condition(pointer)) return std::nullopt;
    ObjectReader reader(*object, pointer, mistakes_);
    const std::string_view kind = kind_of(reader);
    if (kind.empty()) return std::nullopt;
    const auto what = read_kind(kind, reader, nesting);
    reader.refuse_others({"hours", "weekdays", "avg", "min", "max", "distinct", "first", "last"});
    return what;
  }

 private:
  using Read = std::optional<Condition>;

  // Stops reading at the limit: what follows is told once.
  bool count_condition(const std::string& pointer) {
    if (++conditions_ == kConditionsMax + 1) {
      mistakes_.add(pointer, "more than " + std::to_string(kConditionsMax) + " conditions");
    }
    return conditions_ <= kConditionsMax;
  }

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
    for (const std::string_view later : kLaterKinds) {
      if (!reader.has(later)) continue;
      reader.wrong(later, "not supported yet by this version: " + std::string(later));
      return {};
    }
    if (kind.empty()) {
      for (const std::string_view known : kKinds) reader.take(known);  // To suggest one of them.
      const std::size_t before = mistakes_.count();
      reader.refuse_others();
      if (mistakes_.count() == before) {
        mistakes_.add(reader.pointer(),
                      "wants a condition: all, any, not, attribute, event, segment or customers");
      }
    }
    return kind;
  }

  Read read_kind(std::string_view kind, ObjectReader& reader, int nesting) {
    if (kind == "all" || kind == "any" || kind == "not") return read_boolean(kind, reader, nesting);
    if (kind == "attribute") return read_attribute(reader);
    if (kind == "event") return read_event(reader);
    if (kind == "segment") return read_segment(reader);
    return read_customers(reader);
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
    for (std::size_t i = 0; i < list->size() && conditions_ <= kConditionsMax; ++i) {
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
    read_event_names(reader, condition);
    read_where(reader, condition.where);
    read_window(reader, condition.window);
    condition.timezone = read_timezone(reader);
    read_aggregate(reader, condition.aggregate);
    return Condition{reader.pointer(), std::move(condition)};
  }

  void read_event_names(ObjectReader& reader, EventCondition& condition) {
    const JsonValue* names = reader.take("event");
    if (const auto* name = names->as<std::string>()) {
      if (name->empty()) reader.wrong("event", "wants the name of an event");
      condition.events.push_back(*name);
      return;
    }
    const auto* list = names->as<JsonArray>();
    if (list == nullptr || list->empty() || list->size() > kListedMax) {
      return reader.wrong("event", "wants the name of an event, or a list of names");
    }
    condition.events_is_list = true;
    read_strings(*list, reader.pointer_to("event"), condition.events);
  }

  void read_strings(const JsonArray& list, const std::string& pointer,
                    std::vector<std::string>& strings) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (const auto* text = list[i].as<std::string>()) {
        strings.push_back(*text);
      } else {
        strings.emplace_back();  // Keeps places in the list and pointers together.
        mistakes_.add(pointer + '/' + std::to_string(i),
                      "wants a string, not " + std::string(list[i].kind()));
      }
    }
  }

  void read_where(ObjectReader& reader, std::vector<ValueRule>& where) {
    const JsonArray* list = reader.take_array("where");
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string place = reader.pointer_to("where") + '/' + std::to_string(i);
      if (!count_condition(place)) return;
      const auto* object = (*list)[i].as<JsonObject>();
      if (object == nullptr) {
        mistakes_.add(place, "wants a rule, an object, not " + std::string((*list)[i].kind()));
        continue;
      }
      ObjectReader rule_reader(*object, place, mistakes_);
      const std::string* column = rule_reader.take_string("column");
      if (!rule_reader.has("column")) mistakes_.add(place, "wants a column");
      auto rule = read_value_rule(rule_reader, column == nullptr ? "" : *column);
      rule_reader.refuse_others();
      if (column != nullptr && rule) where.push_back(*std::move(rule));
    }
  }

  void read_window(ObjectReader& reader, WindowRule& window) {
    if (const std::string* text = reader.take_string("within")) {
      window.within = parse_within(*text);
      if (!window.within) {
        reader.wrong("within",
                     "wants a duration (15m, 12h, 30d, 6w) or a calendar word "
                     "(today, last_week, this_month, ...), not: " +
                         *text);
      }
    }
    window.from = read_time(reader, "from");
    window.to = read_time(reader, "to");
    if (reader.has("within") && (reader.has("from") || reader.has("to"))) {
      reader.wrong("within", "stands beside from or to: give one of the two");
    }
    if (window.from && window.to && *window.from > *window.to) {
      reader.wrong("to", "is before from");
    }
  }

  void read_aggregate(ObjectReader& reader, std::optional<Aggregate>& aggregate) {
    const JsonObject* count = reader.take_object("count");
    const JsonObject* sum = reader.take_object("sum");
    if (count != nullptr && sum != nullptr) {
      return mistakes_.add(reader.pointer(), "wants one of `count` and `sum`, not both");
    }
    if (count == nullptr && sum == nullptr) return;
    const char* name = count != nullptr ? "count" : "sum";
    ObjectReader bounds_reader(count != nullptr ? *count : *sum, reader.pointer_to(name),
                               mistakes_);
    Aggregate read;
    if (sum != nullptr) {
      read.kind = Aggregate::Kind::Sum;
      if (const std::string* of = bounds_reader.take_string("of")) read.of = *of;
      if (!bounds_reader.has("of")) bounds_reader.wrong("of", "wants the column that is summed");
    }
    const std::size_t before = mistakes_.count();
    read.bounds = read_bounds(bounds_reader, count != nullptr);
    if (read.bounds.empty() && mistakes_.count() == before) {
      mistakes_.add(bounds_reader.pointer(), "wants a bound: eq, lt, lte, gt, gte or between");
    }
    bounds_reader.refuse_others();
    aggregate = std::move(read);
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
    read_strings(*list, reader.pointer_to("customers"), customers.ids);
    return Condition{reader.pointer(), std::move(customers)};
  }

  Mistakes& mistakes_;
  std::size_t conditions_ = 0;
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
