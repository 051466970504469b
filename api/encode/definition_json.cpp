#include "api/encode/definition_json.hpp"

#include <array>
#include <type_traits>
#include <utility>

#include "api/encode/json_writer.hpp"

namespace grapevine {
namespace {

// One unit of each kind, the largest first: 14d is written as 2w.
std::string span_text(const WithinSpan& span) {
  if (const auto* word = std::get_if<CalendarWord>(&span)) return std::string(name_of(*word));
  constexpr std::array<std::pair<TimeMs, char>, 4> kUnits{
      {{604'800'000, 'w'}, {86'400'000, 'd'}, {3'600'000, 'h'}, {60'000, 'm'}}};
  const TimeMs duration = std::get<TimeMs>(span);
  for (const auto& [unit, letter] : kUnits) {
    if (duration % unit == 0) return std::to_string(duration / unit) + letter;
  }
  return {};
}

class DefinitionWriter {
 public:
  std::string write(const Condition& condition) && {
    object(condition);
    return std::move(json_).take();
  }

 private:
  void object(const Condition& condition) {
    json_.begin_object();
    std::visit([&](const auto& what) { members(what); }, condition.what);
    json_.end_object();
  }

  void members(const AllOf& all) { parts("all", all.parts); }
  void members(const AnyOf& any) { parts("any", any.parts); }
  void members(const NotOf& negation) {
    json_.key("not");
    object(negation.part.front());
  }
  void members(const AttributeCondition& condition) {
    json_.member("attribute", condition.rule.name);
    operand(condition.rule);
    timezone(condition.timezone);
  }
  void members(const EventCondition& condition) {
    events("event", condition.events);
    window(condition.window);
    bits("hours", condition.clock.hours, ClockRule::kAllHours, 0);
    bits("weekdays", condition.clock.weekdays, ClockRule::kAllWeekdays, 1);
    timezone(condition.timezone);
    if (condition.occurrence == Occurrence::First) json_.member("first", true);
    if (condition.occurrence == Occurrence::Last) json_.member("last", true);
    if (condition.aggregate) aggregate(*condition.aggregate);
  }
  void members(const SequenceCondition& condition) {
    json_.key("sequence");
    json_.begin_array();
    for (const SequenceCondition::Step& step : condition.steps) {
      json_.begin_object();
      events(step.negated ? "not_event" : "event", step.events);
      json_.end_object();
    }
    json_.end_array();
    window(condition.window);
    timezone(condition.timezone);
    if (condition.conversion_window) {
      json_.member("conversion_window", span_text(*condition.conversion_window));
    }
  }
  void members(const NearCondition& near) {
    json_.key("near");
    json_.begin_object();
    json_.member("latitude", near.latitude);
    json_.member("longitude", near.longitude);
    json_.member("radius_km", near.radius_km);
    json_.end_object();
  }
  void members(const BoxCondition& box) {
    json_.key("in_box");
    json_.begin_object();
    json_.member("south", box.south);
    json_.member("west", box.west);
    json_.member("north", box.north);
    json_.member("east", box.east);
    json_.end_object();
  }
  void members(const InfluenceCondition& condition) {
    json_.member("influence", condition.score);
    if (const auto* top = std::get_if<TopPeople>(&condition.which)) {
      json_.member("top", top->people);
    } else if (const auto* share = std::get_if<TopShare>(&condition.which)) {
      json_.member("top_share", share->share);
    } else {
      bounds(std::get<std::vector<Bound>>(condition.which));
    }
  }
  void members(const ConnectedCondition& condition) {
    json_.key("connected_to");
    json_.begin_object();
    json_.member("segment", condition.segment);
    json_.member("hops", condition.hops);
    json_.member("direction", name_of(condition.direction));
    json_.end_object();
  }
  void members(const SegmentCondition& segment) { json_.member("segment", segment.name); }
  void members(const CustomersCondition& customers) { strings("customers", customers.ids); }

  void parts(std::string_view name, const std::vector<Condition>& conditions) {
    json_.key(name);
    json_.begin_array();
    for (const Condition& part : conditions) object(part);
    json_.end_array();
  }

  void events(std::string_view name, const EventRule& rule) {
    if (rule.names.size() == 1) {
      json_.member(name, rule.names.front());
    } else {
      strings(name, rule.names);
    }
    if (rule.where.empty()) return;
    json_.key("where");
    json_.begin_array();
    for (const ValueRule& where : rule.where) {
      json_.begin_object();
      json_.member("column", where.name);
      operand(where);
      json_.end_object();
    }
    json_.end_array();
  }

  void operand(const ValueRule& rule) {
    json_.key(name_of(rule.op));
    if (rule.op == Operator::Within || rule.op == Operator::AnniversaryWithin) {
      json_.value(span_text(rule.within));
    } else {
      operands(rule.op, rule.operands);
    }
  }

  void operands(Operator op, const std::vector<Scalar>& values) {
    using enum Operator;
    const bool is_list = op == In || op == NotIn || op == Between;
    if (is_list) json_.begin_array();
    for (const Scalar& value : values) {
      std::visit([&](const auto& scalar) { json_.value(scalar); }, value);
    }
    if (is_list) json_.end_array();
  }

  void bounds(const std::vector<Bound>& all) {
    for (const Bound& bound : all) {
      json_.key(name_of(bound.op));
      operands(bound.op, bound.operands);
    }
  }

  void aggregate(const Aggregate& aggregate) {
    json_.key(name_of(aggregate.kind));
    json_.begin_object();
    if (aggregate.kind != Aggregate::Kind::Count) json_.member("of", aggregate.of);
    bounds(aggregate.bounds);
    json_.end_object();
  }

  void said_time(std::string_view name, const SaidTime& said) {
    std::string text = format_time(said.time);
    if (said.local) text.pop_back();  // The Z.
    json_.member(name, text);
  }

  void window(const WindowRule& window) {
    if (window.within) json_.member("within", span_text(*window.within));
    if (window.from) said_time("from", *window.from);
    if (window.to) said_time("to", *window.to);
  }

  void timezone(const std::string& name) {
    if (!name.empty()) json_.member("timezone", name);
  }

  void bits(std::string_view name, std::uint32_t bits, std::uint32_t all, int first) {
    if (bits == all) return;
    json_.key(name);
    json_.begin_array();
    for (int i = 0; i < 32; ++i) {
      if (((bits >> i) & 1) != 0) json_.value(first + i);
    }
    json_.end_array();
  }

  void strings(std::string_view name, const std::vector<std::string>& texts) {
    json_.key(name);
    json_.begin_array();
    for (const std::string& text : texts) json_.value(text);
    json_.end_array();
  }

  JsonWriter json_;
};

}  // namespace

std::string definition_json(const Condition& condition) {
  return DefinitionWriter().write(condition);
}

}  // namespace grapevine
