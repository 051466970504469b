#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "api/execute/listed_attribute.hpp"
#include "api/parse/query_reader.hpp"
#include "api/plan/computed_document.hpp"
#include "api/plan/score_names.hpp"
#include "api/routes/segments.hpp"
#include "kernels/segment/column_summary.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kTopMax = 10;

void write_number(JsonWriter& json, ValueType type, double number) {
  constexpr double kExact = 0x1p53;
  if (type == ValueType::DateTime) return json.time(static_cast<TimeMs>(number));
  if (type == ValueType::Int64 && std::abs(number) <= kExact) {
    json.value(static_cast<std::int64_t>(number));
  } else {
    json.value(number);
  }
}

void write_summary(JsonWriter& json, std::string_view name, ValueType type,
                   const ColumnSummary& summary) {
  json.member("name", name);
  json.member("type", name_of(type));
  json.member("present", summary.present);
  if (summary.distinct) json.member("distinct", *summary.distinct);
  if (summary.least && type != ValueType::String) {  // Not those of its values that are numbers.
    json.key("min");
    write_number(json, type, *summary.least);
    json.key("max");
    write_number(json, type, *summary.most);
  }
}

void write_events(JsonWriter& json, const Snapshot& snapshot) {
  const auto spans = event_spans(snapshot);
  const std::vector<std::uint64_t>& counts = snapshot.event_counts();
  std::vector<std::uint32_t> events;
  for (std::uint32_t i = 0; i < counts.size(); ++i) {
    if (spans[i]) events.push_back(i);
  }
  std::sort(events.begin(), events.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (counts[a] != counts[b]) return counts[a] > counts[b];
    return snapshot.event_names().at(a) < snapshot.event_names().at(b);
  });
  json.key("events");
  json.begin_array();
  for (const std::uint32_t event : events) {
    json.begin_object();
    json.member("event", snapshot.event_names().at(event));
    json.member("count", counts[event]);
    json.time_member("first", spans[event]->first);
    json.time_member("last", spans[event]->last);
    json.end_object();
  }
  json.end_array();
}

// An attribute that is no column: customers' ids, the times of their first and last events.
void write_derived(JsonWriter& json, std::string_view name, std::string_view type,
                   std::size_t present) {
  json.begin_object();
  json.member("name", name);
  json.member("type", type);
  json.member("present", present);
}

void write_times(JsonWriter& json, std::string_view name, const std::vector<TimeMs>& times) {
  std::size_t present = 0;
  TimeMs least = std::numeric_limits<TimeMs>::max();
  TimeMs most = kNever;
  for (const TimeMs time : times) {
    if (time == kNever) continue;
    ++present;
    least = std::min(least, time);
    most = std::max(most, time);
  }
  write_derived(json, name, "datetime", present);
  if (present > 0) {
    json.time_member("min", least);
    json.time_member("max", most);
  }
  json.end_object();
}

void write_top(JsonWriter& json, const AttributeColumn& column, const ColumnSummary& summary) {
  json.key("top");
  json.begin_array();
  for (const auto& [code, count] : summary.top) {
    json.begin_object();
    json.key("value");
    if (column.dictionary != nullptr) {
      json.value(column.dictionary->at(code));
    } else {
      json.value(code != 0);
    }
    json.member("count", count);
    json.end_object();
  }
  json.end_array();
}

// An attribute of the schema: a trait, or computed as of the moment of asking.
struct Described {
  std::string_view name;
  ValueType type;
  const AttributeColumn* column;
  bool computed;
};

absl::Status write_columns(JsonWriter& json, std::vector<Described> attributes,
                           const CustomerTable& customers, const Stop& stop) {
  std::sort(attributes.begin(), attributes.end(),
            [](const Described& a, const Described& b) { return a.name < b.name; });
  std::vector<const AttributeColumn*> columns;
  for (const Described& attribute : attributes) columns.push_back(attribute.column);
  GRAPEVINE_ASSIGN_OR_RETURN(const auto summaries,
                             summarize_columns(columns, people(customers), kTopMax, stop));
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    json.begin_object();
    write_summary(json, attributes[i].name, attributes[i].type, summaries[i]);
    if (attributes[i].computed) json.member("computed", true);
    write_top(json, *attributes[i].column, summaries[i]);
    json.end_object();
  }
  return absl::OkStatus();
}

absl::Status write_attributes(JsonWriter& json, const ListSource& source, const Context& context) {
  const Snapshot& snapshot = *source.snapshot;
  const CustomerTable& customers = snapshot.customers();
  GRAPEVINE_ASSIGN_OR_RETURN(const auto computed, all_computed(source, context));
  GRAPEVINE_ASSIGN_OR_RETURN(
      const SeenTimes seen, seen_times(snapshot, std::numeric_limits<TimeMs>::max(), context.stop));
  json.key("attributes");
  json.begin_array();
  write_derived(json, "customer_id", "string", customers.people());
  json.member("distinct", customers.people());
  json.end_object();
  write_times(json, "first_seen", seen.first);
  write_times(json, "last_seen", seen.last);
  std::vector<Described> attributes;
  for (const auto& column : customers.attributes()) {
    if (has_computed(snapshot, column->name)) continue;  // It stands before the trait.
    attributes.push_back({column->name, column->type, column.get(), false});
  }
  for (const ComputedAttribute& each : computed) {
    attributes.push_back({each.name, each.attribute.type, each.attribute.column.get(), true});
  }
  GRAPEVINE_RETURN_IF_ERROR(write_columns(json, std::move(attributes), customers, context.stop));
  json.end_array();
  return absl::OkStatus();
}

absl::Status write_properties(JsonWriter& json, const Snapshot& snapshot, const Stop& stop) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto summaries, summarize_event_columns(snapshot, stop));
  json.key("properties");
  json.begin_array();
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    const ColumnInfo& column = snapshot.columns()[i];
    json.begin_object();
    write_summary(json, column.name, column.type, summaries[i]);
    json.end_object();
  }
  json.end_array();
  return absl::OkStatus();
}

// What influence says of everyone, as attributes. Computed when asked for, so without counts.
void write_scores(JsonWriter& json) {
  json.key("scores");
  json.begin_array();
  const auto write = [&](const ScoreName& score, bool ranks) {
    json.begin_object();
    json.member("name", std::string(kScorePrefix) + std::string(score.name));
    json.member("type", name_of(score.type));
    json.member("ranks", ranks);
    json.end_object();
  };
  for (const ScoreName& score : kScores) write(score, true);
  for (const ScoreName& label : kScoreLabels) write(label, false);
  json.end_array();
}

}  // namespace

// GET /v1/schema: what a segment builder offers. Top values are those of the whole base.
absl::StatusOr<Response> describe_schema(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others({"snapshot", "as_of"});
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  const auto snapshot = context.store.snapshot();
  JsonWriter json;
  json.begin_object();
  write_events(json, *snapshot);
  GRAPEVINE_RETURN_IF_ERROR(
      write_attributes(json, {snapshot, {context.now_ms, false}, 0}, context));
  GRAPEVINE_RETURN_IF_ERROR(write_properties(json, *snapshot, context.stop));
  write_scores(json);
  json.key("totals");
  json.begin_object();
  json.member("customers", snapshot->customers().people());
  json.member("events", snapshot->rows());
  json.end_object();
  json.time_member("as_of", context.now_ms);
  json.member("snapshot", snapshot->number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
