#include <algorithm>
#include <string>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/ingest/running_imports.hpp"
#include "api/parse/key_page.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "api/routes/collect.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {

// GET /v1/imports: by id.
absl::StatusOr<Response> list_imports(const Request& request, const Context& context) {
  constexpr char kList[] = "imports";
  GRAPEVINE_ASSIGN_OR_RETURN(const KeyPage page, parse_key_page(request, kList));
  const auto imports = context.store.imports(page.after, page.limit + 1);
  const std::size_t shown = std::min(imports.size(), page.limit);
  JsonWriter json;
  json.begin_object();
  json.key("imports");
  json.begin_array();
  for (std::size_t i = 0; i < shown; ++i) {
    json.begin_object();
    json.member("import_id", imports[i].id);
    json.member("resume_at", imports[i].offset);
    json.member("events", imports[i].rows);
    json.member("undone", imports[i].undone);
    json.end_object();
  }
  json.end_array();
  if (shown < imports.size()) {
    json.member("next_cursor", key_cursor(kList, imports[shown - 1].id, page));
  }
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

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
