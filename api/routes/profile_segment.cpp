#include "api/encode/profile_result.hpp"
#include "api/execute/segment_profile.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/routes/segments.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

// GET /v1/segments/{name}/profile: how the members differ from everyone.
absl::StatusOr<Response> profile_segment(const Request& request, const Context& context) {
  const Stopwatch stopwatch;
  const std::string& segment = *find_field(request.path_parameters, "name");
  GRAPEVINE_ASSIGN_OR_RETURN(const ProfileRequest query, parse_profile_request(request));
  ListSource source;
  GRAPEVINE_ASSIGN_OR_RETURN(source.snapshot, open_snapshot(query.snapshot, context));
  source.moment = resolve_as_of(query.as_of, *source.snapshot, context);
  GRAPEVINE_ASSIGN_OR_RETURN(const SegmentProfile profile,
                             profile_segment(segment, query, source, context));
  Response response;
  response.body = encode_profile(segment, profile, source, stopwatch.elapsed_ms());
  return response;
}

}  // namespace grapevine
