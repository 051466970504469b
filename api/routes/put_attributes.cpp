#include <string>
#include <utility>

#include "api/collect/attributes_body.hpp"
#include "api/collect/rejection.hpp"
#include "api/encode/attribute_value.hpp"
#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/parse/json_mistake.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "api/parse/query_reader.hpp"
#include "api/plan/computed_document.hpp"
#include "api/routes/customers.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr char kPointer[] = "/attributes";

absl::Status no_such_customer() { return problem(ErrorCode::NotFound, "no customer has this id"); }

absl::Status wrong_attributes(std::string_view detail) {
  return problem(ErrorCode::Unprocessable, detail, {{kPointer, std::string(detail)}});
}

// What can be told from the form of the body alone.
absl::Status check_form(const Request& request) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject body, read_json_object(request.body));
  ObjectReader reader(body, "", mistakes);
  if (reader.take_object("attributes") == nullptr && !reader.has("attributes")) {
    reader.wrong("attributes", "wants an object of attributes");
  }
  reader.refuse_others();
  return mistakes.status();
}

// What is computed is not set.
absl::Status refuse_computed(const std::string& text, const Snapshot& snapshot) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject body, read_json_object(text));
  Mistakes mistakes;
  ObjectReader reader(body, "", mistakes);
  for (const auto& [name, value] : *reader.take_object("attributes")) {
    if (!has_computed(snapshot, name)) continue;
    mistakes.add(kPointer + ("/" + escape_pointer(name)),
                 "is computed, and cannot be set: " + name);
  }
  return mistakes.status(ErrorCode::Conflict);
}

}  // namespace

// PUT /v1/customers/{id}/attributes: sets and removes traits of somebody who is known.
absl::StatusOr<Response> put_attributes(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(check_form(request));
  const std::string& id = *find_field(request.path_parameters, "id");
  const auto before = context.store.snapshot();
  if (before->customers().find(id) == kNobody) return no_such_customer();
  GRAPEVINE_RETURN_IF_ERROR(refuse_computed(request.body, *before));
  auto batch = read_attributes_body(request.body, id, context.now_ms);
  if (!batch.ok()) return wrong_attributes(detail_of(batch.status()));
  if (!batch->empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(const Appended appended, context.store.append(*std::move(batch)));
    if (!appended.refused.empty()) return wrong_attributes(appended.refused.front().detail);
  }
  const auto snapshot = context.store.snapshot();
  const CustomerId customer = snapshot->customers().find(id);
  if (customer == kNobody) return no_such_customer();  // Erased meanwhile.
  JsonWriter json;
  json.begin_object();
  json.member("customer_id", snapshot->customers().external_id(customer));
  json.key("attributes");
  write_attributes(json, snapshot->customers(), customer);
  json.member("snapshot", snapshot->number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
