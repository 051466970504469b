#include "api/routes/openapi.hpp"

#include "api/openapi_json.hpp"

namespace grapevine {

// GET /v1/openapi.json: the contract of the server that answers.
absl::StatusOr<Response> openapi(const Request&, const Context&) {
  Response response;
  response.body = openapi_json();
  return response;
}

}  // namespace grapevine
