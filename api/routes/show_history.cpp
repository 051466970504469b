#include <algorithm>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/execute/membership_history.hpp"
#include "api/live/open_changes.hpp"
#include "api/parse/history_request.hpp"
#include "api/plan/buckets.hpp"
#include "api/routes/changes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kBucketsMax = 10'000;

absl::StatusOr<std::vector<TimeMs>> bounds_of(const HistoryRequest& asked, TimeMs began,
                                              TimeMs now) {
  const TimeMs to = asked.to.value_or(now + 1);  // The moment itself belongs to it.
  const TimeMs from = asked.from.value_or(std::min(began, to - 1));
  const auto wrong = [](const char* parameter, const std::string& detail) {
    return problem(ErrorCode::Unprocessable, detail, {{parameter, detail}});
  };
  if (from >= to) return wrong("?from", "must be before to");
  std::vector<TimeMs> bounds = bucket_bounds(from, to, asked.every, asked.timezone, kBucketsMax);
  if (bounds.empty())
    return wrong("?every", "more than 10000 buckets: ask for less or for longer ones");
  return bounds;
}

}  // namespace

// GET /v1/segments/{name}/history: how large the segment was, who came and who went.
absl::StatusOr<Response> show_history(const Request& request, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const HistoryRequest asked, parse_history_request(request, context));
  const std::string& segment = *find_field(request.path_parameters, "name");
  GRAPEVINE_ASSIGN_OR_RETURN(const OpenChanges open, open_changes({segment, {}}, context));
  const MembershipStream& stream = *open.stream;
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<TimeMs> bounds,
                             bounds_of(asked, stream.began, context.now_ms));
  JsonWriter json;
  json.begin_object();
  json.member("segment", segment);
  json.member("every", asked.every_text);
  json.member("timezone", asked.timezone);
  json.time_member("began", stream.began);
  json.key("history");
  json.begin_array();
  for (const HistoryBucket& bucket : membership_history(stream, bounds)) {
    json.begin_object();
    json.time_member("from", bucket.from);
    json.time_member("to", bucket.to);
    json.key("size");
    bucket.size ? json.value(*bucket.size) : json.null();
    json.member("entered", bucket.entered);
    json.member("left", bucket.left);
    json.end_object();
  }
  json.end_array();
  json.time_member("as_of", context.now_ms);
  json.member("snapshot", open.snapshot->number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
