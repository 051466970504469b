#include "api/routes/collect.hpp"

#include <algorithm>
#include <utility>

#include "api/collect/body.hpp"
#include "api/collect/call_head.hpp"
#include "api/collect/rejection.hpp"
#include "api/collect/write_key.hpp"
#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/parse/nearest_name.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// What the store refused belongs beside what the reader rejected; an event with several rows is
// named once.
void add_refused(const Appended& appended, std::vector<RejectedEvent>& rejected) {
  for (const RefusedRow& row : appended.refused) rejected.push_back({row.source, row.detail});
  const auto by_index = [](const RejectedEvent& a, const RejectedEvent& b) {
    return a.index < b.index;
  };
  std::stable_sort(rejected.begin(), rejected.end(), by_index);
  const auto same = [](const RejectedEvent& a, const RejectedEvent& b) {
    return a.index == b.index;
  };
  rejected.erase(std::unique(rejected.begin(), rejected.end(), same), rejected.end());
}

Response encode(const std::vector<RejectedEvent>& rejected, Dialect dialect) {
  JsonWriter json;
  json.begin_object();
  if (dialect == Dialect::Posthog) json.member("status", 1);  // As its own server says it.
  json.member("success", true);
  if (!rejected.empty()) {
    json.key("rejected");
    json.begin_array();
    for (const RejectedEvent& event : rejected) {
      json.begin_object();
      json.member("index", event.index);
      json.member("detail", event.detail);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

absl::StatusOr<Response> collect(const Request& request, const Context& context, Dialect dialect,
                                 std::optional<CallType> type) {
  GRAPEVINE_ASSIGN_OR_RETURN(CollectedBody collected,
                             read_body(request.body, {dialect, type, context.now_ms}));
  if (!collected.batch.empty()) {
    collected.batch.deduplicate_by = write_key_of(request.headers);
    if (collected.batch.deduplicate_by.empty()) {
      collected.batch.deduplicate_by = std::move(collected.write_key);
    }
    GRAPEVINE_ASSIGN_OR_RETURN(const Appended appended,
                               context.store.append(std::move(collected.batch)));
    add_refused(appended, collected.rejected);
  }
  return encode(collected.rejected, dialect);
}

}  // namespace

absl::StatusOr<Response> collect_track(const Request& request, const Context& context) {
  return collect(request, context, Dialect::Segment, CallType::Track);
}

absl::StatusOr<Response> collect_identify(const Request& request, const Context& context) {
  return collect(request, context, Dialect::Segment, CallType::Identify);
}

absl::StatusOr<Response> collect_page(const Request& request, const Context& context) {
  return collect(request, context, Dialect::Segment, CallType::Page);
}

absl::StatusOr<Response> collect_screen(const Request& request, const Context& context) {
  return collect(request, context, Dialect::Segment, CallType::Screen);
}

absl::StatusOr<Response> collect_group(const Request& request, const Context& context) {
  return collect(request, context, Dialect::Segment, CallType::Group);
}

absl::StatusOr<Response> collect_alias(const Request& request, const Context& context) {
  return collect(request, context, Dialect::Segment, CallType::Alias);
}

absl::StatusOr<Response> collect_batch(const Request& request, const Context& context) {
  return collect(request, context, Dialect::Segment, std::nullopt);
}

absl::StatusOr<Response> collect_posthog(const Request& request, const Context& context) {
  // Its browser library names its own compression here, beside HTTP's.
  if (find_field(request.query, "compression") != nullptr) {
    return problem(ErrorCode::UnsupportedMediaType,
                   "a body that ?compression names is not read: send it with Content-Encoding");
  }
  return collect(request, context, Dialect::Posthog, std::nullopt);
}

absl::StatusOr<Response> collect_jitsu(const Request& request, const Context& context) {
  const std::string& name = *find_field(request.path_parameters, "type");
  const std::optional<CallType> type = call_type_of(name);
  if (!type && name != "batch") {
    return problem(ErrorCode::NotFound,
                   no_such("type of call", shown_name(name),
                           {"track", "identify", "page", "screen", "group", "alias", "batch"}));
  }
  return collect(request, context, Dialect::Segment, type);
}

}  // namespace grapevine
