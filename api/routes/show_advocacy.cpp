#include "api/encode/advocacy_result.hpp"
#include "api/execute/advocacy_answer.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/advocacy_request.hpp"
#include "api/routes/listening.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

// GET /v1/listen/advocacy: whether those who were answered well spoke well of a brand afterwards.
absl::StatusOr<Response> show_advocacy(const Request& request, const Context& context) {
  const Stopwatch stopwatch;
  GRAPEVINE_ASSIGN_OR_RETURN(const AdvocacyRequest asked, parse_advocacy_request(request, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const AdvocacyAnswer answer, answer_advocacy(asked, context));
  Response response;
  response.body = encode_advocacy(asked, answer, stopwatch.elapsed_ms());
  return response;
}

}  // namespace grapevine
