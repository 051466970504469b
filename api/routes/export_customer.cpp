#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "api/encode/attribute_value.hpp"
#include "api/encode/event_json.hpp"
#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "api/routes/customers.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// Where an event of the person stands, in order of time.
struct EventPlace {
  TimeMs ts;
  std::uint64_t sequence;
  const Run* run;
  std::size_t row;
  bool operator<(const EventPlace& other) const {
    return std::tie(ts, sequence) < std::tie(other.ts, other.sequence);
  }
};

std::vector<EventPlace> events_of(const Snapshot& snapshot, CustomerId customer) {
  std::vector<EventPlace> places;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      std::size_t row = run->customers.lower_bound(index(customer));
      const std::size_t end = run->customers.lower_bound(std::uint64_t{index(customer)} + 1);
      for (; row < end; ++row) {
        if (run.is_dead(row)) continue;
        places.push_back({run->time(row), run->sequences.at(row), &*run, row});
      }
    }
  }
  std::sort(places.begin(), places.end());
  return places;
}

void write_attributes(JsonWriter& json, const CustomerTable& customers, CustomerId customer) {
  json.key("attributes");
  json.begin_object();
  for (const auto& column : customers.attributes()) {
    const AttributeChunk* chunk = column->chunk_of(customer);
    if (chunk == nullptr || !chunk->has(index(customer) % AttributeChunk::kCustomers)) continue;
    json.key(column->name);
    write_json(json, value_of(*column, customer));
  }
  json.end_object();
}

absl::Status write_events(JsonWriter& json, const Snapshot& snapshot, CustomerId customer,
                          const Stop& stop) {
  json.key("events");
  json.begin_array();
  const Run* run = nullptr;
  std::optional<EventJson> writer;
  for (const EventPlace& place : events_of(snapshot, customer)) {
    if (stop.requested()) return absl::CancelledError("stopped while exporting a customer");
    if (place.run != run) writer.emplace(snapshot, *place.run);
    run = place.run;
    writer->write(json, place.row);
  }
  json.end_array();
  return absl::OkStatus();
}

}  // namespace

// GET /v1/customers/{id}/export: all that is held about one person.
absl::StatusOr<Response> export_customer(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  const std::string& id = *find_field(request.path_parameters, "id");
  const auto snapshot = context.store.snapshot();
  const CustomerId customer = snapshot->customers().find(id);
  const auto identities = context.store.identities(id);
  if (customer == kNobody || !identities.ok()) {
    return problem(ErrorCode::NotFound, "no customer has this id");
  }
  JsonWriter json;
  json.begin_object();
  json.member("customer_id", snapshot->customers().external_id(customer));
  json.key("identities");
  json.begin_array();
  for (const std::string& identity : identities->ids) json.value(identity);
  json.end_array();
  write_attributes(json, snapshot->customers(), customer);
  GRAPEVINE_RETURN_IF_ERROR(write_events(json, *snapshot, customer, context.stop));
  json.member("snapshot", snapshot->number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
