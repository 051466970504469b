#include <chrono>

#include "api/encode/segment_result.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/moment.hpp"
#include "api/execute/segment_preview.hpp"
#include "api/parse/segment_request.hpp"
#include "api/routes/segments.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

// POST /v1/segments/preview: how many customers match a definition, as of one snapshot.
absl::StatusOr<Response> preview_segment(const Request& request, const Context& context) {
  const auto begun = std::chrono::steady_clock::now();
  GRAPEVINE_ASSIGN_OR_RETURN(const SegmentRequest query,
                             parse_preview_request(request.body, request.query));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto snapshot, open_snapshot(query.snapshot, context));
  const AnswerMoment moment = resolve_as_of(query.as_of, *snapshot, context);
  GRAPEVINE_ASSIGN_OR_RETURN(const PreviewPlan plan,
                             plan_preview(query, *snapshot, {moment.as_of, context.timezone}));
  GRAPEVINE_ASSIGN_OR_RETURN(const PreviewResult result,
                             preview(plan, query.sample, query.explain,
                                     {*snapshot, moment.as_of, context.graph, context.stop}));
  const std::chrono::duration<double, std::milli> elapsed =
      std::chrono::steady_clock::now() - begun;
  Response response;
  response.body = encode_preview(result, plan, query.explain, *snapshot, moment, elapsed.count());
  return response;
}

}  // namespace grapevine
