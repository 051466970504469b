#include "api/routes/alerts.hpp"

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "api/encode/alert_rows.hpp"
#include "api/error.hpp"
#include "api/execute/list_page.hpp"
#include "api/live/alert_events.hpp"
#include "api/parse/alerts_request.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "api/parse/query_reader.hpp"
#include "api/plan/name_warnings.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

Response follow_alerts(const AlertsRequest& asked, const Context& context) {
  Response response;
  response.content_type = "text/event-stream";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Accel-Buffering", "no");  // A proxy would hold events back.
  response.body = AlertEvents::preface();
  response.rest = std::make_shared<AlertEvents>(context.store, asked.filter, asked.after);
  return response;
}

}  // namespace

// GET /v1/alerts: those that are kept, the newest first, or their steps as they happen.
absl::StatusOr<Response> list_alerts(const Request& request, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const AlertsRequest asked, parse_alerts_request(request, context));
  if (asked.events) return follow_alerts(asked, context);
  GRAPEVINE_ASSIGN_OR_RETURN(const auto snapshot, open_snapshot(asked.snapshot, context));
  AlertAnswer answer;
  const std::vector<AlertDocument> alerts = all_alerts(*snapshot);
  for (auto alert = alerts.rbegin(); alert != alerts.rend(); ++alert) {
    if ((asked.after && alert->id >= *asked.after) || !asked.filter.holds(*alert)) continue;
    if (answer.alerts.size() == asked.limit) {
      answer.next_cursor = write_alert_cursor(answer.alerts.back().id, asked.limit);
      break;
    }
    answer.alerts.push_back(*alert);
  }
  MentionFilter named;
  named.brands = asked.filter.brands;
  named.products = asked.filter.products;
  named.topics = asked.filter.topics;
  named.channels = asked.filter.channels;
  GRAPEVINE_ASSIGN_OR_RETURN(answer.warnings, name_warnings(named, *snapshot, context.stop));
  answer.as_of = context.now_ms;
  answer.snapshot = snapshot->number();
  return encode_alerts(answer, asked.format);
}

// POST /v1/alerts/{id}/acknowledge: somebody looks after it. Asked again it says the same.
absl::StatusOr<Response> acknowledge_alert(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  if (!request.body.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(request.body));
    ObjectReader(object, "", mistakes).refuse_others();
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  const std::string& name = *find_field(request.path_parameters, "id");
  const auto id = parse_alert_id(name);
  std::optional<AlertDocument> alert;
  {
    const std::lock_guard lock(alert_changes);
    const auto snapshot = context.store.snapshot();
    if (id) alert = find_alert(*snapshot, *id);
    if (!alert) return problem(ErrorCode::NotFound, "no such alert: " + name);
    if (alert->closed && !alert->acknowledged) {
      return problem(ErrorCode::Conflict, "the alert closed by itself: its burst is over");
    }
    if (!alert->acknowledged) {
      AlertState state = read_alert_state(*snapshot);
      alert->acknowledged = AlertChange{++state.last_change, context.now_ms};
      GRAPEVINE_RETURN_IF_ERROR(put_alerts(context.store, std::span(&*alert, 1), {}, state));
    }
  }
  JsonWriter json;
  json.begin_object();
  write_alert_members(json, *alert);
  json.member("snapshot", context.store.snapshot()->number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
