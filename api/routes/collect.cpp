#include "api/routes/collect.hpp"

#include <optional>
#include <string>
#include <utility>

#include "api/collect/body.hpp"
#include "api/collect/call_head.hpp"
#include "api/collect/rejection.hpp"
#include "api/collect/write_key.hpp"
#include "api/error.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/routes/collected.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

absl::StatusOr<Response> collect(const Request& request, const Context& context, Dialect dialect,
                                 std::optional<CallType> type) {
  GRAPEVINE_ASSIGN_OR_RETURN(CollectedBody collected,
                             read_body(request.body, {dialect, type, context.now_ms}));
  std::string key = write_key_of(request.headers);
  if (!key.empty()) collected.write_key = std::move(key);
  return store_collected(std::move(collected), context.store,
                         {.posthog_status = dialect == Dialect::Posthog});
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
