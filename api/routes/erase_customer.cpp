#include "api/error.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "api/routes/customers.hpp"
#include "api/routes/jobs.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {

// DELETE /v1/customers/{id}: gone from every answer when this is answered, from the disk when the
// job has succeeded.
absl::StatusOr<Response> erase_customer(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  const auto erased =
      context.store.erase(*find_field(request.path_parameters, "id"), context.now_ms);
  if (absl::IsNotFound(erased.status())) {
    return problem(ErrorCode::NotFound, "no customer has this id");
  }
  GRAPEVINE_RETURN_IF_ERROR(erased.status());
  return accept_erasure(erased->snapshot, context);
}

}  // namespace grapevine
