#include "api/live/recompute_sentiment.hpp"

#include <string>
#include <utility>

#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "api/routes/jobs.hpp"
#include "api/routes/listening.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

absl::StatusOr<Response> recompute(const Request& /*request*/, const Context& context) {
  Response response;
  GRAPEVINE_ASSIGN_OR_RETURN(response.body, recomputed_sentiment_json(context.store, context.stop));
  return response;
}

}  // namespace

// POST /v1/text/sentiment/recompute: always a job, because it reads as many texts as there are.
absl::StatusOr<Response> recompute_sentiments(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  if (context.jobs == nullptr) return recompute(request, context);
  return accept_job(recompute, request, context);
}

}  // namespace grapevine
