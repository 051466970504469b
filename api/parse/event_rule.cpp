#include "api/parse/event_rule.hpp"

#include <array>
#include <string>
#include <utility>

#include "api/parse/value_rule.hpp"

namespace grapevine {
namespace {

constexpr std::array<Aggregate::Kind, 6> kAggregates{
    Aggregate::Kind::Count, Aggregate::Kind::Sum, Aggregate::Kind::Avg,
    Aggregate::Kind::Min,   Aggregate::Kind::Max, Aggregate::Kind::Distinct};

void read_where(ObjectReader& reader, std::vector<ValueRule>& where, ConditionBudget& budget) {
  const JsonArray* list = reader.take_array("where");
  if (list == nullptr) return;
  Mistakes& mistakes = reader.mistakes();
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string place = reader.pointer_to("where") + '/' + std::to_string(i);
    if (!budget.take(place)) return;
    const auto* object = (*list)[i].as<JsonObject>();
    if (object == nullptr) {
      mistakes.add(place, "wants a rule, an object, not " + std::string((*list)[i].kind()));
      continue;
    }
    ObjectReader rule_reader(*object, place, mistakes);
    const std::string* column = rule_reader.take_string("column");
    if (!rule_reader.has("column")) mistakes.add(place, "wants a column");
    auto rule = read_value_rule(rule_reader, column == nullptr ? "" : *column);
    rule_reader.refuse_others();
    if (column != nullptr && rule) where.push_back(*std::move(rule));
  }
}

// A list of whole numbers from `least` to `most`, as bits, `least` the lowest; nullopt: absent, or
// not right.
std::optional<std::uint32_t> read_bits(ObjectReader& reader, std::string_view name,
                                       std::int64_t least, std::int64_t most) {
  const JsonArray* list = reader.take_array(name);
  if (list == nullptr) return std::nullopt;
  if (list->empty()) reader.wrong(name, "lists nothing");
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* number = (*list)[i].as<std::int64_t>();
    if (number != nullptr && *number >= least && *number <= most) {
      bits |= std::uint32_t{1} << (*number - least);
      continue;
    }
    reader.mistakes().add(
        reader.pointer_to(name) + '/' + std::to_string(i),
        "wants a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    if (i >= kListedMax) break;
  }
  return bits;
}

}  // namespace

std::string_view name_of(Aggregate::Kind kind) {
  switch (kind) {
    using enum Aggregate::Kind;
    case Count: return "count";
    case Sum: return "sum";
    case Avg: return "avg";
    case Min: return "min";
    case Max: return "max";
    case Distinct: return "distinct";
  }
  return {};
}

std::vector<std::string> read_strings(const JsonArray& list, const std::string& pointer,
                                      Mistakes& mistakes) {
  std::vector<std::string> strings;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (const auto* text = list[i].as<std::string>()) {
      strings.push_back(*text);
    } else {
      strings.emplace_back();
      mistakes.add(pointer + '/' + std::to_string(i),
                   "wants a string, not " + std::string(list[i].kind()));
    }
  }
  return strings;
}

EventRule read_event_rule(ObjectReader& reader, std::string_view name, ConditionBudget& budget) {
  EventRule rule;
  rule.pointer = reader.pointer_to(name);
  const JsonValue* names = reader.take(name);
  if (const auto* single = names->as<std::string>()) {
    if (single->empty()) reader.wrong(name, "wants the name of an event");
    rule.names.push_back(*single);
  } else if (const auto* list = names->as<JsonArray>();
             list != nullptr && !list->empty() && list->size() <= kListedMax) {
    rule.is_list = true;
    rule.names = read_strings(*list, rule.pointer, reader.mistakes());
  } else {
    reader.wrong(name, "wants the name of an event, or a list of names");
  }
  read_where(reader, rule.where, budget);
  return rule;
}

WindowRule read_window(ObjectReader& reader) {
  WindowRule window;
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
  // Of other pairs only the zone could tell; they are empty windows.
  const bool comparable = window.from && window.to && window.from->local == window.to->local;
  if (comparable && window.from->time > window.to->time) {
    reader.wrong("to", "is before from");
  }
  return window;
}

ClockRule read_clock(ObjectReader& reader) {
  ClockRule clock;
  if (const auto hours = read_bits(reader, "hours", 0, 23)) clock.hours = *hours;
  if (const auto weekdays = read_bits(reader, "weekdays", 1, 7)) {
    clock.weekdays = static_cast<std::uint8_t>(*weekdays);
  }
  return clock;
}

Occurrence read_occurrence(ObjectReader& reader) {
  const bool first = reader.take_truth("first");
  const bool last = reader.take_truth("last");
  if (first && last) reader.wrong("last", "stands beside first: give one of the two");
  if (first) return Occurrence::First;
  return last ? Occurrence::Last : Occurrence::Any;
}

std::optional<Aggregate> read_aggregate(ObjectReader& reader, AggregateForm form) {
  using Kind = Aggregate::Kind;
  std::optional<Aggregate> read;
  const JsonObject* members = nullptr;
  for (const Kind kind : kAggregates) {
    const JsonObject* object = reader.take_object(name_of(kind));
    if (object == nullptr) continue;
    if (read) {
      reader.mistakes().add(reader.pointer(), "wants one of `" + std::string(name_of(read->kind)) +
                                                  "` and `" + std::string(name_of(kind)) +
                                                  "`, not both");
      return std::nullopt;
    }
    read = Aggregate{kind, {}, {}};
    members = object;
  }
  if (!read) return std::nullopt;
  ObjectReader bounds(*members, reader.pointer_to(name_of(read->kind)), reader.mistakes());
  if (read->kind != Kind::Count) {
    if (const std::string* of = bounds.take_string("of")) read->of = *of;
    if (!bounds.has("of")) bounds.wrong("of", "wants the column that is measured");
  }
  if (form == AggregateForm::Unbounded) {
    bounds.refuse_others();
    return read;
  }
  const std::size_t before = reader.mistakes().count();
  read->bounds = read_bounds(bounds, read->kind == Kind::Count || read->kind == Kind::Distinct);
  if (read->bounds.empty() && reader.mistakes().count() == before) {
    reader.mistakes().add(bounds.pointer(), "wants a bound: eq, lt, lte, gt, gte or between");
  }
  bounds.refuse_others();
  return read;
}

}  // namespace grapevine
