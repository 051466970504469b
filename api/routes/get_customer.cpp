#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "api/encode/attribute_value.hpp"
#include "api/encode/event_json.hpp"
#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/execute/customer_events.hpp"
#include "api/execute/erased.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/listed_attribute.hpp"
#include "api/execute/segments_of.hpp"
#include "api/live/graph_view.hpp"
#include "api/parse/members_request.hpp"
#include "api/plan/computed_document.hpp"
#include "api/routes/customers.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::int64_t kTimelineMax = 1000;
constexpr std::uint64_t kTimeline = 50;

void write_time(JsonWriter& json, std::string_view name, std::optional<TimeMs> time) {
  json.key(name);
  if (time) {
    json.time(*time);
  } else {
    json.null();
  }
}

// Traits, then what is computed, which stands before a trait of its name.
absl::Status write_attributes(JsonWriter& json, const ListSource& source, CustomerId customer,
                              const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto computed, all_computed(source, context));
  const auto write = [&](std::string_view name, const AttributeColumn& column) {
    const AttributeValue value = value_of(column, customer);
    if (std::holds_alternative<std::monostate>(value)) return;
    json.key(name);
    write_json(json, value);
  };
  json.key("attributes");
  json.begin_object();
  for (const auto& column : source.snapshot->customers().attributes()) {
    if (!has_computed(*source.snapshot, column->name)) write(column->name, *column);
  }
  for (const ComputedAttribute& each : computed) write(each.name, *each.attribute.column);
  json.end_object();
  return absl::OkStatus();
}

// First and last event, and how many of each name, the most frequent one first.
void write_counts(JsonWriter& json, const Snapshot& snapshot, const CustomerCounts& counts) {
  write_time(json, "first_seen", counts.first_seen);
  write_time(json, "last_seen", counts.last_seen);
  std::vector<std::uint32_t> events;
  for (std::uint32_t i = 0; i < counts.by_event.size(); ++i) {
    if (counts.by_event[i] > 0) events.push_back(i);
  }
  std::sort(events.begin(), events.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (counts.by_event[a] != counts.by_event[b]) return counts.by_event[a] > counts.by_event[b];
    return snapshot.event_names().at(a) < snapshot.event_names().at(b);
  });
  json.key("event_counts");
  json.begin_object();
  for (const std::uint32_t event : events) {
    json.member(snapshot.event_names().at(event), counts.by_event[event]);
  }
  json.end_object();
}

// What is cheap to tell of one person; null for who is not in the graph.
absl::Status write_scores(JsonWriter& json, const ListSource& source, CustomerId customer,
                          const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto graph,
                             context.graph.at(*source.snapshot, source.moment.as_of, context.stop));
  json.key("scores");
  json.begin_object();
  for (const std::string_view name : {"pagerank", "core_number"}) {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto score, graph->score(name, context.stop));
    json.key(name);
    if (const auto place = score->find(customer)) {
      json.value(score->values[*place]);
    } else {
      json.null();
    }
  }
  json.end_object();
  json.member("graph_snapshot", graph->snapshot_number());
  return absl::OkStatus();
}

absl::Status write_segments(JsonWriter& json, const ListSource& source, CustomerId customer,
                            const Context& context) {
  const Snapshot& snapshot = *source.snapshot;
  GRAPEVINE_ASSIGN_OR_RETURN(
      SegmentsOf segments,
      segments_of(customer, {snapshot, source.moment.as_of, context.graph, context.stop},
                  context.timezone, context.results));
  json.key("segments");
  json.begin_array();
  for (const std::string& name : segments.names) json.value(name);
  json.end_array();
  if (!source.moment.in_the_past) return absl::OkStatus();
  std::set<std::string> current = std::move(segments.traits);
  for (const auto& column : snapshot.customers().attributes()) current.insert(column->name);
  json.key("current");
  json.begin_array();
  for (const std::string& trait : current) json.value(trait);
  json.end_array();
  return absl::OkStatus();
}

// The latest events first, a page at a time.
absl::Status write_timeline(JsonWriter& json, const PageRequest& page, const ListSource& source,
                            const std::string& list, CustomerId customer, const Context& context) {
  CustomerEvents events(*source.snapshot, customer, CustomerEvents::From::Latest,
                        source.moment.as_of);
  std::uint64_t at = 0;
  auto event = events.next();
  json.key("timeline");
  json.begin_array();
  for (; event && at < source.offset + page.limit; event = events.next(), ++at) {
    if (context.stop.requested()) return absl::CancelledError("stopped while reading a timeline");
    if (at >= source.offset) EventJson(*source.snapshot, *event->run).write(json, event->row);
  }
  json.end_array();
  const std::uint64_t size = at + (event ? 1 : 0);  // As far as is known here.
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string next,
                             next_cursor(page, source, list, at, size, context));
  if (!next.empty()) json.member("next_cursor", next);
  return absl::OkStatus();
}

}  // namespace

// GET /v1/customers/{id}: one person at a glance.
absl::StatusOr<Response> get_customer(const Request& request, const Context& context) {
  const std::string& id = *find_field(request.path_parameters, "id");
  const std::string list = "customers/" + id;
  GRAPEVINE_ASSIGN_OR_RETURN(const PageRequest page,
                             parse_list_request(request, list, context, kTimelineMax, kTimeline));
  GRAPEVINE_ASSIGN_OR_RETURN(const ListSource source, open_list(page, context));
  const Snapshot& snapshot = *source.snapshot;
  const CustomerId customer = snapshot.customers().find(id);
  const auto identities = context.store.identities(id);
  if (customer == kNobody || !identities.ok() || is_erased(customer, *context.store.snapshot())) {
    return problem(ErrorCode::NotFound, "no customer has this id");
  }
  JsonWriter json;
  json.begin_object();
  json.member("customer_id", snapshot.customers().external_id(customer));
  GRAPEVINE_RETURN_IF_ERROR(write_attributes(json, source, customer, context));
  json.key("identities");
  json.begin_array();
  for (const std::string& identity : identities->ids) json.value(identity);
  json.end_array();
  write_counts(json, snapshot, count_events(snapshot, customer, source.moment.as_of));
  GRAPEVINE_RETURN_IF_ERROR(write_scores(json, source, customer, context));
  GRAPEVINE_RETURN_IF_ERROR(write_segments(json, source, customer, context));
  GRAPEVINE_RETURN_IF_ERROR(write_timeline(json, page, source, list, customer, context));
  json.time_member("as_of", source.moment.as_of);
  json.member("snapshot", snapshot.number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
