#include "api/parse/history_request.hpp"

#include <string_view>
#include <variant>

#include "api/parse/query_reader.hpp"
#include "api/parse/within.hpp"
#include "api/plan/buckets.hpp"
#include "api/plan/calendar.hpp"
#include "storage/memberships.hpp"

namespace grapevine {
namespace {

std::optional<TimeMs> read_time(QueryReader& query, std::string_view name,
                                std::string_view timezone) {
  const auto said = query.take_time(name);
  return said ? std::optional<TimeMs>(moment_of(*said, timezone)) : std::nullopt;
}

void read_every(QueryReader& query, HistoryRequest& history) {
  const std::string* text = query.take("every");
  history.every_text = text == nullptr ? "1d" : *text;
  const auto within = parse_within(history.every_text);
  const TimeMs* every = within ? std::get_if<TimeMs>(&*within) : nullptr;
  if (every != nullptr && is_bucket_width(*every, MembershipCount::kSpan)) {
    history.every = *every;
  } else {
    query.wrong("every",
                "wants whole days or weeks, or a part of a day that divides it: 15m, 1h, 1d, 1w, "
                "not: " +
                    history.every_text);
  }
}

}  // namespace

absl::StatusOr<HistoryRequest> parse_history_request(const Request& request,
                                                     const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  HistoryRequest history;
  const std::string* timezone = query.take("timezone");
  history.timezone = timezone == nullptr ? context.timezone : *timezone;
  if (!is_timezone(history.timezone)) {
    query.wrong("timezone", no_such_timezone(history.timezone));
    history.timezone = "UTC";
  }
  read_every(query, history);
  history.from = read_time(query, "from", history.timezone);
  history.to = read_time(query, "to", history.timezone);
  query.refuse_others();
  if (absl::Status status = mistakes.status(); !status.ok()) return status;
  return history;
}

}  // namespace grapevine
