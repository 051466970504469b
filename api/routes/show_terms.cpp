#include "api/encode/terms_result.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/execute/terms_answer.hpp"
#include "api/parse/terms_request.hpp"
#include "api/routes/listening.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

// GET /v1/listen/terms: the words and pairs that set some mentions apart from the rest.
absl::StatusOr<Response> show_terms(const Request& request, const Context& context) {
  const Stopwatch stopwatch;
  GRAPEVINE_ASSIGN_OR_RETURN(const TermsRequest asked, parse_terms_request(request, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const TermsAnswer answer, answer_terms(asked, context));
  Response response;
  response.body = encode_terms(asked, answer, stopwatch.elapsed_ms());
  return response;
}

}  // namespace grapevine
