#include <cstdint>
#include <map>
#include <string>

#include "api/encode/attribute_value.hpp"
#include "api/encode/event_json.hpp"
#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/execute/customer_events.hpp"
#include "api/execute/erased.hpp"
#include "api/execute/list_page.hpp"
#include "api/parse/members_request.hpp"
#include "api/routes/customers.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// A page ends earlier where its events are large ones.
constexpr std::size_t kPageBytesMax = std::size_t{64} << 20;
// Each keeps a block of every column of texts.
constexpr std::size_t kWritersMax = 64;

// A page of events and the cursor of the next one.
absl::Status write_events(JsonWriter& json, const PageRequest& page, const ListSource& source,
                          const std::string& list, CustomerId customer, const Context& context) {
  CustomerEvents events(*source.snapshot, customer);
  std::map<const Run*, EventJson> writers;
  std::uint64_t at = 0;
  auto event = events.next();
  json.key("events");
  json.begin_array();
  for (; event; event = events.next(), ++at) {
    if (context.stop.requested()) return absl::CancelledError("stopped while exporting a customer");
    if (at < source.offset) continue;
    if (at == source.offset + page.limit) break;
    if (at > source.offset && json.size() >= kPageBytesMax) break;
    if (writers.size() == kWritersMax && !writers.contains(event->run)) writers.clear();
    writers.try_emplace(event->run, *source.snapshot, *event->run)
        .first->second.write(json, event->row);
  }
  json.end_array();
  const std::uint64_t size = at + (event ? 1 : 0);  // As far as is known here.
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string next,
                             next_cursor(page, source, list, at, size, context));
  if (!next.empty()) json.member("next_cursor", next);
  return absl::OkStatus();
}

}  // namespace

// GET /v1/customers/{id}/export: all that is held about one person, its events a page at a time.
absl::StatusOr<Response> export_customer(const Request& request, const Context& context) {
  const std::string& id = *find_field(request.path_parameters, "id");
  const std::string list = "customers/" + id + "/export";
  GRAPEVINE_ASSIGN_OR_RETURN(const PageRequest page, parse_export_request(request, list));
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
  json.key("identities");
  json.begin_array();
  for (const std::string& identity : identities->ids) json.value(identity);
  json.end_array();
  json.key("attributes");
  write_attributes(json, snapshot.customers(), customer);
  GRAPEVINE_RETURN_IF_ERROR(write_events(json, page, source, list, customer, context));
  json.member("snapshot", snapshot.number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
