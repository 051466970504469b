#include "api/parse/alerts_request.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "api/error.hpp"
#include "api/parse/cursor.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/query_reader.hpp"
#include "api/parse/time.hpp"
#include "api/plan/calendar.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr char kList[] = "alerts";

bool wants_events(const Request& request) {
  const std::string* accept = find_field(request.headers, "accept");
  return accept != nullptr && accept->find("text/event-stream") != std::string::npos &&
         find_field(request.query, "format") == nullptr;
}

template <typename Enum, typename Find>
std::vector<Enum> take_names(QueryReader& query, std::string_view name, const Find& find,
                             std::string_view wanted) {
  std::vector<Enum> found;
  const auto list = query.take_list(name);
  if (!list) return found;
  for (const std::string& text : *list) {
    if (const auto value = find(text)) {
      found.push_back(*value);
    } else {
      query.wrong(name, "wants " + std::string(wanted) + ", not " + text);
    }
  }
  return found;
}

std::optional<TimeMs> take_time(QueryReader& query, std::string_view name, const Context& context) {
  const auto said = query.take_time(name);
  return said ? std::optional<TimeMs>(moment_of(*said, context.timezone)) : std::nullopt;
}

using Names = std::vector<std::string>;

AlertFilter take_filter(QueryReader& query, const Context& context) {
  AlertFilter filter;
  filter.statuses =
      take_names<AlertStatus>(query, "status", alert_status_of, "open, acknowledged or closed");
  filter.severities = take_names<AlertSeverity>(query, "severity", alert_severity_of,
                                                "notice, warning or critical");
  filter.moods =
      take_names<AlertMood>(query, "sentiment", alert_mood_of, "all, negative or positive");
  filter.brands = query.take_list("brand").value_or(Names());
  filter.products = query.take_list("product").value_or(Names());
  filter.topics = query.take_list("topic").value_or(Names());
  filter.channels = query.take_list("channel").value_or(Names());
  filter.from = take_time(query, "from", context);
  filter.to = take_time(query, "to", context);
  if (filter.from && filter.to && *filter.to < *filter.from) {
    query.wrong("to", "must not lie before `from`");
  }
  return filter;
}

absl::Status gone() {
  const std::string detail = "no cursor that this server gave: begin anew";
  return problem(ErrorCode::Gone, detail, {{"?cursor", detail}});
}

}  // namespace

bool AlertFilter::holds(const AlertDocument& alert) const {
  const auto is_among = [](const auto& list, const auto& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  const AlertSeries& series = alert.series;
  if (!is_among(statuses, alert.status()) || !is_among(moods, series.mood)) return false;
  if (!is_among(severities, alert.severity())) return false;
  const auto is_about = [&](AlertSubject about, const Names& wanted) {
    const auto subject = alert.subject(about);
    return wanted.empty() || (subject && is_among(wanted, *subject));
  };
  if (!is_about(AlertSubject::Brand, brands) || !is_about(AlertSubject::Product, products) ||
      !is_about(AlertSubject::Topic, topics)) {
    return false;
  }
  if (!channels.empty() && !(series.channel && is_among(channels, *series.channel))) return false;
  return (!from || alert.ts >= *from) && (!to || alert.ts < *to);
}

absl::StatusOr<AlertsRequest> parse_alerts_request(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  AlertsRequest asked;
  asked.filter = take_filter(query, context);
  asked.events = wants_events(request);
  const std::string* cursor = query.take("cursor");
  if (asked.events) {
    const std::string* last = find_field(request.headers, "last-event-id");
    if (last != nullptr && !last->empty()) cursor = last;
    if (cursor != nullptr) {
      asked.after = parse_alert_id(*cursor);
      if (!asked.after) return gone();
    }
  } else {
    if (cursor != nullptr) {
      const auto given = read_cursor(*cursor);
      if (!given) return gone();
      asked.after = parse_alert_id(given->order_by);
      asked.limit = std::clamp<std::size_t>(given->limit, 1, AlertsRequest::kLimitMax);
      if (given->list != kList || !asked.after) query.wrong("cursor", "a cursor of another list");
    }
    asked.format = read_format(query, request);
    const auto limit = query.take_whole("limit", 1, std::int64_t{AlertsRequest::kLimitMax});
    if (limit) asked.limit = static_cast<std::size_t>(*limit);
    const auto snapshot = query.take_whole("snapshot", 0, INT64_MAX);
    if (snapshot) asked.snapshot = static_cast<std::uint64_t>(*snapshot);
  }
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return asked;
}

std::string write_alert_cursor(std::uint64_t id, std::size_t limit) {
  Cursor cursor;
  cursor.list = kList;
  cursor.order_by = std::to_string(id);
  cursor.limit = limit;
  return write_cursor(cursor);
}

std::optional<std::uint64_t> parse_alert_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return id;
}

}  // namespace grapevine
