#include "api/encode/service_result.hpp"
#include "api/execute/service_answer.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/service_request.hpp"
#include "api/routes/listening.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

// GET /v1/listen/service: how fast complaints are answered and resolved, and which still wait.
absl::StatusOr<Response> show_service(const Request& request, const Context& context) {
  const Stopwatch stopwatch;
  GRAPEVINE_ASSIGN_OR_RETURN(const ServiceRequest asked, parse_service_request(request, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const ServiceAnswer answer, answer_service(asked, context));
  Response response;
  response.body = encode_service(asked, answer, stopwatch.elapsed_ms());
  return response;
}

}  // namespace grapevine
