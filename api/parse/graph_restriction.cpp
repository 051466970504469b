#include "api/parse/graph_restriction.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/parse/event_rule.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/value_rule.hpp"
#include "api/parse/within.hpp"

namespace grapevine {
namespace {

constexpr const char* kValues = "wants a string or a list of up to 1000 strings";

void sort_once(std::vector<std::string>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::vector<std::string> take_values(ObjectReader& reader, std::string_view name) {
  const JsonValue* given = reader.take(name);
  if (given == nullptr) return {};
  std::vector<std::string> values;
  if (const auto* one = given->as<std::string>()) {
    values.push_back(*one);
  } else if (const auto* list = given->as<JsonArray>();
             list != nullptr && !list->empty() && list->size() <= GraphRestriction::kValuesMax) {
    values = read_strings(*list, reader.pointer_to(name), reader.mistakes());
  } else {
    reader.wrong(name, kValues);
  }
  sort_once(values);
  return values;
}

std::vector<std::string> take_values(QueryReader& query, std::string_view name) {
  auto values = query.take_list(name);
  if (!values) return {};
  if (values->empty() || values->size() > GraphRestriction::kValuesMax) {
    query.wrong(name, "wants up to 1000 values, with commas between");
  }
  sort_once(*values);
  return *std::move(values);
}

void write_values(JsonWriter& json, std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  json.key(name);
  json.begin_array();
  for (const std::string& value : values) json.value(value);
  json.end_array();
}

void write_time(JsonWriter& json, std::string_view name, const std::optional<SaidTime>& said) {
  if (!said) return;
  std::string text = format_time(said->time);
  if (said->local && text.ends_with('Z')) text.pop_back();
  json.member(name, text);
}

}  // namespace

bool GraphRestriction::is_none() const {
  return channels.empty() && products.empty() && brands.empty() && !from && !to && !among;
}

std::string restriction_json(const GraphRestriction& restriction) {
  if (restriction.is_none()) return {};
  JsonWriter json;
  json.begin_object();
  write_values(json, "channel", restriction.channels);
  write_values(json, "product_id", restriction.products);
  write_values(json, "brand", restriction.brands);
  write_time(json, "from", restriction.from);
  write_time(json, "to", restriction.to);
  if (restriction.among) json.member("segment", restriction.among->name);
  json.end_object();
  return std::move(json).take();
}

GraphRestriction take_graph_restriction(ObjectReader& reader) {
  GraphRestriction restriction;
  const JsonObject* given = reader.take_object("graph");
  if (given == nullptr) return restriction;
  ObjectReader graph(*given, reader.pointer_to("graph"), reader.mistakes());
  restriction.channels = take_values(graph, "channel");
  restriction.products = take_values(graph, "product_id");
  restriction.brands = take_values(graph, "brand");
  restriction.from = read_time(graph, "from");
  restriction.to = read_time(graph, "to");
  if (const std::string* segment = graph.take_string("segment")) {
    restriction.among = SegmentName{*segment, graph.pointer_to("segment")};
  }
  graph.refuse_others();
  return restriction;
}

GraphRestriction read_restriction_json(std::string_view json) {
  if (json.empty()) return {};
  const auto object = read_json_object("{\"graph\":" + std::string(json) + '}');
  if (!object.ok()) return {};
  Mistakes none;
  ObjectReader reader(*object, "", none);
  return take_graph_restriction(reader);
}

std::optional<TimeMs> parse_staleness(std::string_view text) {
  constexpr TimeMs kMost = TimeMs{24} * 3600 * 1000;
  TimeMs number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (error != std::errc() || number < 0 || number > kMost) return std::nullopt;
  if (unit == "ms") return number;
  if (unit == "s") return number * 1000 <= kMost ? std::optional(number * 1000) : std::nullopt;
  const auto span = parse_within(text);
  const TimeMs* age = span ? std::get_if<TimeMs>(&*span) : nullptr;
  return age != nullptr && *age <= kMost ? std::optional(*age) : std::nullopt;
}

GraphRestriction take_graph_restriction(QueryReader& query) {
  GraphRestriction restriction;
  restriction.channels = take_values(query, "channel");
  restriction.products = take_values(query, "product_id");
  restriction.brands = take_values(query, "brand");
  restriction.from = query.take_time("from");
  restriction.to = query.take_time("to");
  if (const std::string* segment = query.take("among")) {
    restriction.among = SegmentName{*segment, "?among"};
  }
  return restriction;
}

TimeMs take_staleness(QueryReader& query) {
  const std::string* text = query.take("max_staleness");
  if (text == nullptr) return 0;
  const auto age = parse_staleness(*text);
  if (!age) query.wrong("max_staleness", kWantsStaleness + *text);
  return age.value_or(0);
}

}  // namespace grapevine
