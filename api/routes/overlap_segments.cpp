#include "api/encode/overlap_result.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/segment_overlap.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/routes/segments.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

// POST /v1/segments/overlap: all regions of the Venn diagram of stored segments, exactly.
absl::StatusOr<Response> overlap_segments(const Request& request, const Context& context) {
  const Stopwatch stopwatch;
  GRAPEVINE_ASSIGN_OR_RETURN(const OverlapRequest query, parse_overlap_request(request.body));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto snapshot, open_snapshot(query.snapshot, context));
  const AnswerMoment moment = resolve_as_of(query.as_of, *snapshot, context);
  GRAPEVINE_ASSIGN_OR_RETURN(
      const SegmentOverlap overlap,
      overlap_segments(query, {*snapshot, moment.as_of, context.graph, context.stop},
                       context.timezone));
  Response response;
  response.body = encode_overlap(overlap, *snapshot, moment, stopwatch.elapsed_ms());
  return response;
}

}  // namespace grapevine
