#include "api/routes/attributes.hpp"

#include <mutex>
#include <string>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/parse/attribute_request.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/parse/query_reader.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "api/plan/computed_document.hpp"
#include "api/plan/computed_planner.hpp"
#include "api/plan/segment_document.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kAttributesMax = 100;

// What is checked must still hold when it is stored: changes, of whatever store, go one after the
// other. Nothing but the log is waited for while it is held.
std::mutex changes;

const std::string& name_of(const Request& request) {
  return *find_field(request.path_parameters, "name");
}

absl::Status refuse_parameters(const Request& request) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  return mistakes.status();
}

absl::Status not_found(const Snapshot& snapshot, const std::string& name) {
  return problem(ErrorCode::NotFound,
                 no_such("computed attribute", name, computed_names(snapshot)));
}

void write_names(JsonWriter& json, std::string_view key, const std::vector<std::string>& names) {
  json.key(key);
  json.begin_array();
  for (const std::string& name : names) json.value(name);
  json.end_array();
}

absl::StatusOr<Response> describe(const Snapshot& snapshot, const std::string& name,
                                  const Context& context) {
  const auto document = find_computed(snapshot, name);
  if (!document) return not_found(snapshot, name);
  Mistakes mistakes;
  ComputedPlanner planner(snapshot, {context.now_ms, context.timezone}, mistakes);
  const ComputedPlan plan = planner.plan_stored(name, "");
  JsonWriter json;
  json.begin_object();
  json.member("name", name);
  json.key("definition");
  write_json(json, document->definition);
  json.member("description", document->description);
  json.member("type", name_of(plan != nullptr ? plan->type : ValueType::Null));
  // The data have changed since it was stored, so that its definition does not fit them any more.
  if (plan == nullptr) json.member("problem", std::string(mistakes.status().message()));
  const AttributeUsers users = users_of_attribute(snapshot, name);
  json.key("used_by");
  json.begin_object();
  write_names(json, "attributes", users.attributes);
  write_names(json, "segments", users.segments);
  json.member("influence_model", users.influence_model);
  json.end_object();
  json.member("snapshot", snapshot.number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

// Everything that keeps a definition from being stored under a name, at once.
absl::Status check(const AttributeRequest& request, const std::string& name,
                   const Snapshot& snapshot, const Context& context) {
  Mistakes mistakes = request.mistakes;
  if (!is_resource_name(name)) {
    mistakes.add("{name}", "wants a name like [a-z][a-z0-9_]{0,63}, not: " + name);
  }
  if (request.definition) {
    ComputedPlanner planner(snapshot, {context.now_ms, context.timezone}, mistakes, name);
    planner.plan(*request.definition);
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  Attribute taken;
  if (find_attribute(snapshot, name, taken)) {
    return problem(ErrorCode::Conflict, "an attribute that is not computed has this name: " + name);
  }
  if (!has_computed(snapshot, name) && computed_names(snapshot).size() >= kAttributesMax) {
    return problem(ErrorCode::Conflict,
                   "there are as many computed attributes as there can be: 100");
  }
  return absl::OkStatus();
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

// PUT /v1/attributes/{name}: stores a definition that was checked as a whole.
absl::StatusOr<Response> put_attribute(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  const std::string& name = name_of(request);
  GRAPEVINE_ASSIGN_OR_RETURN(const AttributeRequest attribute,
                             parse_attribute_request(request.body));
  {
    const std::lock_guard lock(changes);
    const auto snapshot = context.store.snapshot();
    GRAPEVINE_RETURN_IF_ERROR(check(attribute, name, *snapshot, context));
    GRAPEVINE_RETURN_IF_ERROR(context.store.put_document(
        kAttributeDocuments, name,
        write_segment_document({attribute.text, attribute.description})));
  }
  return describe(*context.store.snapshot(), name, context);
}

// GET /v1/attributes/{name}
absl::StatusOr<Response> get_attribute(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  return describe(*context.store.snapshot(), name_of(request), context);
}

// DELETE /v1/attributes/{name}: refused while something asks for it.
absl::StatusOr<Response> delete_attribute(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  const std::string& name = name_of(request);
  const std::lock_guard lock(changes);
  const auto snapshot = context.store.snapshot();
  if (!has_computed(*snapshot, name)) return not_found(*snapshot, name);
  const AttributeUsers users = users_of_attribute(*snapshot, name);
  if (!users.empty()) {
    std::vector<std::string> whom;
    if (!users.attributes.empty()) whom.push_back("attributes: " + listed(users.attributes));
    if (!users.segments.empty()) whom.push_back("segments: " + listed(users.segments));
    if (users.influence_model) whom.emplace_back("the influence model: value");
    std::string detail = "it is used by " + whom.front();
    for (std::size_t i = 1; i < whom.size(); ++i) detail += "; by " + whom[i];
    return problem(ErrorCode::Conflict, detail);
  }
  GRAPEVINE_RETURN_IF_ERROR(context.store.put_document(kAttributeDocuments, name, ""));
  return Response{204, "", {}, ""};
}

}  // namespace grapevine
