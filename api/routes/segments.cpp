#include "api/routes/segments.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/segment_sizes.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/members_request.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/parse/query_reader.hpp"
#include "api/parse/segment_request.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/segment_graph.hpp"
#include "api/plan/segment_planner.hpp"
#include "api/plan/webhook_document.hpp"
#include "api/routes/segment_changes.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSegmentsMax = 10'000;
constexpr std::int64_t kListLimit = 1000;

const std::string& name_of(const Request& request) {
  return *find_field(request.path_parameters, "name");
}

absl::Status not_found(const Snapshot& snapshot, const std::string& name) {
  return problem(ErrorCode::NotFound, no_such_segment(snapshot, name));
}

void write_segment(JsonWriter& json, std::string_view name, const SegmentDocument& segment,
                   const SegmentSize& size, const std::vector<std::string>& used_by, TimeMs as_of) {
  json.member("name", name);
  json.key("definition");
  write_json(json, segment.definition);
  json.member("description", segment.description);
  json.key("size");
  if (size.size) {
    json.value(*size.size);
  } else {
    json.null();
    json.member("problem", size.problem);
  }
  json.time_member("refreshed_at", as_of);
  json.key("used_by");
  json.begin_array();
  for (const std::string& user : used_by) json.value(user);
  json.end_array();
}

// The stored segment as it stands at the end of `GET` and `PUT`.
absl::StatusOr<Response> describe_segment(const Snapshot& snapshot, const std::string& name,
                                          const AnswerMoment& moment, const Context& context) {
  const auto segment = find_segment(snapshot, name);
  if (!segment) return not_found(snapshot, name);
  GRAPEVINE_ASSIGN_OR_RETURN(
      const auto sizes, segment_sizes({snapshot, moment.as_of, context.graph, context.stop}, {name},
                                      context.timezone));
  JsonWriter json;
  json.begin_object();
  write_segment(json, name, *segment, sizes.front(), SegmentGraph(snapshot).used_by(name),
                moment.as_of);
  json.time_member("as_of", moment.as_of);
  json.member("snapshot", snapshot.number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

// Everything that keeps a definition from being stored under a name, at once.
absl::Status check_segment(const SegmentRequest& segment, const std::string& name,
                           const Snapshot& snapshot, const Context& context) {
  Mistakes mistakes = segment.mistakes;
  if (!is_resource_name(name)) {
    mistakes.add("{name}", "wants a name like [a-z][a-z0-9_]{0,63}, not: " + name);
  }
  if (name == "preview" || name == "overlap") {  // Paths of their own.
    mistakes.add("{name}",
                 "is no name for a segment, since the path means another operation: " + name);
  }
  if (segment.definition) {
    SegmentPlanner planner(snapshot, {context.now_ms, context.timezone}, mistakes, name);
    planner.plan(*segment.definition);
    const SegmentGraph graph(snapshot);
    if (mistakes.empty() &&
        graph.levels_below(nested_segments(*segment.definition)) + graph.levels_above(name) >
            static_cast<std::size_t>(kNestingMax)) {
      mistakes.add("/definition", "segments nested deeper than " + std::to_string(kNestingMax));
    }
  }
  return mistakes.status();
}

absl::Status refuse_parameters(const Request& request) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  return mistakes.status();
}

}  // namespace

// PUT /v1/segments/{name}: stores a definition that was checked as a whole.
absl::StatusOr<Response> put_segment(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  const std::string& name = name_of(request);
  GRAPEVINE_ASSIGN_OR_RETURN(const SegmentRequest segment, parse_segment_request(request.body));
  {
    const std::lock_guard lock(segment_changes);
    const auto snapshot = context.store.snapshot();
    GRAPEVINE_RETURN_IF_ERROR(check_segment(segment, name, *snapshot, context));
    if (!has_segment(*snapshot, name) && segment_names(*snapshot).size() >= kSegmentsMax) {
      return problem(ErrorCode::Conflict, "there are as many segments as there can be: 10000");
    }
    GRAPEVINE_RETURN_IF_ERROR(context.store.put_document(
        kSegmentDocuments, name, write_segment_document({segment.text, segment.description})));
  }
  return describe_segment(*context.store.snapshot(), name, {context.now_ms, false}, context);
}

// GET /v1/segments/{name}
absl::StatusOr<Response> get_segment(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  const AsOf as_of = query.take_as_of().value_or(AsOf{});
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  GRAPEVINE_ASSIGN_OR_RETURN(const auto snapshot, open_snapshot(std::nullopt, context));
  return describe_segment(*snapshot, name_of(request), resolve_as_of(as_of, *snapshot, context),
                          context);
}

// DELETE /v1/segments/{name}: refused while another one nests it.
absl::StatusOr<Response> delete_segment(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  const std::string& name = name_of(request);
  const std::lock_guard lock(segment_changes);
  const auto snapshot = context.store.snapshot();
  if (!has_segment(*snapshot, name)) return not_found(*snapshot, name);
  const std::vector<std::string> users = SegmentGraph(*snapshot).used_by(name);
  if (!users.empty()) {
    std::string detail = "other segments use it: ";
    for (const std::string& user : users) detail += (user == users.front() ? "" : ", ") + user;
    return problem(ErrorCode::Conflict, detail);
  }
  GRAPEVINE_RETURN_IF_ERROR(remove_webhook(context.store, name));  // It must not outlive it.
  GRAPEVINE_RETURN_IF_ERROR(context.store.put_document(kSegmentDocuments, name, ""));
  return Response{204, "", {}, ""};
}

// GET /v1/segments: all of them, by name, a page at a time.
absl::StatusOr<Response> list_segments(const Request& request, const Context& context) {
  constexpr char kList[] = "segments";
  GRAPEVINE_ASSIGN_OR_RETURN(const PageRequest query,
                             parse_list_request(request, kList, context, kListLimit));
  GRAPEVINE_ASSIGN_OR_RETURN(const ListSource source, open_list(query, context));
  const Snapshot& snapshot = *source.snapshot;
  std::vector<std::string_view> names = segment_names(snapshot);
  const std::uint64_t end = source.offset + query.limit;
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string next,
                             next_cursor(query, source, kList, end, names.size(), context));
  const auto from = static_cast<std::ptrdiff_t>(std::min<std::size_t>(source.offset, names.size()));
  const auto until = static_cast<std::ptrdiff_t>(std::min<std::size_t>(end, names.size()));
  names = {names.begin() + from, names.begin() + until};
  GRAPEVINE_ASSIGN_OR_RETURN(
      const auto sizes, segment_sizes({snapshot, source.moment.as_of, context.graph, context.stop},
                                      names, context.timezone));
  const SegmentGraph graph(snapshot);
  JsonWriter json;
  json.begin_object();
  json.key("segments");
  json.begin_array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    json.begin_object();
    write_segment(json, names[i], find_segment(snapshot, names[i]).value_or(SegmentDocument{}),
                  sizes[i], graph.used_by(names[i]), source.moment.as_of);
    json.end_object();
  }
  json.end_array();
  if (!next.empty()) json.member("next_cursor", next);
  json.time_member("as_of", source.moment.as_of);
  json.member("snapshot", snapshot.number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
