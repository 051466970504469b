#include <utility>

#include "api/ingest/import_body.hpp"
#include "api/ingest/import_request.hpp"
#include "api/routes/collect.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<std::unique_ptr<BodyReader>> import_history(const Request& request,
                                                           const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(ImportRequest import, read_import_request(request));
  return ImportBody::begin(std::move(import), context);
}

}  // namespace grapevine
