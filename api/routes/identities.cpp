#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "api/routes/customers.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

const std::string& id_of(const Request& request) {
  return *find_field(request.path_parameters, "id");
}

std::string_view state_of(const IdentityMerge& merge) {
  if (merge.active) return "active";
  if (merge.undone) return "undone";
  return merge.refused ? "refused" : "superseded";
}

absl::StatusOr<Response> describe(const Store& store, std::string_view id) {
  const std::uint64_t snapshot = store.snapshot()->number();
  const auto identities = store.identities(id);
  if (!identities.ok()) return problem(ErrorCode::NotFound, "no customer has this id");
  JsonWriter json;
  json.begin_object();
  json.member("customer_id", identities->customer_id);
  json.key("identities");
  json.begin_array();
  for (const std::string& identity : identities->ids) json.value(identity);
  json.end_array();
  json.key("merges");
  json.begin_array();
  for (const IdentityMerge& merge : identities->merges) {
    json.begin_object();
    json.member("merge", merge.number);
    json.member("call", merge.is_alias ? "alias" : "identify");
    json.member("from", merge.from);
    json.member("to", merge.to);
    json.time_member("timestamp", merge.ts);
    if (!merge.message_id.empty()) json.member("message_id", merge.message_id);
    json.member("state", state_of(merge));
    if (merge.undone) json.time_member("undone_at", *merge.undone);
    json.end_object();
  }
  json.end_array();
  json.member("snapshot", snapshot);
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

absl::Status refuse_parameters(const Request& request) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  return mistakes.status();
}

// The number of the merge that a body names: itself, or by the external id that it joined.
absl::StatusOr<std::uint32_t> merge_in(const std::string& body, const Identities& person) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject given, read_json_object(body));
  Mistakes mistakes;
  std::optional<std::uint32_t> merge;
  for (const auto& [name, value] : given) {
    const auto* number = value.as<std::int64_t>();
    const auto* identity = value.as<std::string>();
    if (name == "merge" && number != nullptr) {
      if (*number >= 0 && *number <= std::numeric_limits<std::uint32_t>::max()) {
        merge = static_cast<std::uint32_t>(*number);
      } else {
        mistakes.add("/merge", "no merge has this number");
      }
    } else if (name == "identity" && identity != nullptr) {
      for (const IdentityMerge& known : person.merges) {
        if (known.active && known.from == *identity) merge = known.number;
      }
      if (!merge) mistakes.add("/identity", "no active merge joined this id to the customer");
    } else if (name == "merge" || name == "identity") {
      mistakes.add("/" + name, name == "merge" ? "wants a number" : "wants an external id");
    } else {
      mistakes.add("/" + name, "no such member: there are merge and identity");
    }
  }
  if (given.size() != 1) {
    mistakes.add("",
                 R"(wants {"merge": number} or {"identity": id}, as GET .../identities has them)");
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return *merge;
}

}  // namespace

// GET /v1/customers/{id}/identities
absl::StatusOr<Response> explain_identities(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  return describe(context.store, id_of(request));
}

// POST /v1/customers/{id}/unmerge
absl::StatusOr<Response> unmerge_customer(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  const auto person = context.store.identities(id_of(request));
  if (!person.ok()) return problem(ErrorCode::NotFound, "no customer has this id");
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint32_t merge, merge_in(request.body, *person));
  const auto undone = context.store.unmerge(id_of(request), merge, context.now_ms);
  if (absl::IsNotFound(undone.status())) {
    return problem(ErrorCode::NotFound, "no customer has this id");
  }
  if (absl::IsInvalidArgument(undone.status())) {
    const std::string detail(undone.status().message());
    return problem(ErrorCode::Unprocessable, detail, {{"/merge", detail}});
  }
  GRAPEVINE_RETURN_IF_ERROR(undone.status());
  return describe(context.store, id_of(request));
}

}  // namespace grapevine
