#include <string>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/ingest/running_imports.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "api/routes/customers.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {

// DELETE /v1/imports/{import_id}
absl::StatusOr<Response> undo_import(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  const std::string& id = *find_field(request.path_parameters, "import_id");
  const auto claim = ImportClaim::claim(&context.store, id);
  if (!claim) return problem(ErrorCode::Conflict, "the import still runs");
  const auto undone = context.store.undo_import(id);
  if (absl::IsNotFound(undone.status())) {
    return problem(ErrorCode::NotFound, "no import has this id");
  }
  GRAPEVINE_RETURN_IF_ERROR(undone.status());
  JsonWriter json;
  json.begin_object();
  json.member("import_id", id);
  json.member("removed_events", undone->removed);
  json.member("snapshot", undone->snapshot);
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
