#include "api/parse/inbox_request.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "api/parse/duration_parameter.hpp"
#include "api/parse/graph_restriction.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/page_parameters.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// What may be another one on each page, or is said by the cursor itself.
constexpr std::string_view kOfPages[] = {"cursor", "limit", "as_of", "snapshot"};

bool is_of_pages(std::string_view name) {
  return std::find(std::begin(kOfPages), std::end(kOfPages), name) != std::end(kOfPages);
}

// A cursor pins what its list was made from: parameters may be left out, but not changed.
Fields fields_with_cursor(const Fields& given, const Cursor& cursor, Mistakes& mistakes) {
  Fields fields;
  for (const auto& [name, value] : given) {
    if (is_of_pages(name)) {
      fields.emplace_back(name, value);
    } else if (std::find(cursor.fields.begin(), cursor.fields.end(), name + '=' + value) ==
               cursor.fields.end()) {
      mistakes.add('?' + name, "not what it was when the cursor was given: " + value);
    }
  }
  for (const std::string& field : cursor.fields) {
    const std::size_t at = field.find('=');
    if (at != std::string::npos) fields.emplace_back(field.substr(0, at), field.substr(at + 1));
  }
  return fields;
}

template <typename Value, std::size_t count>
std::optional<Value> read_name(QueryReader& query, const char* parameter, const std::string& name) {
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < count; ++i) known.push_back(name_of(static_cast<Value>(i)));
  const auto found = std::find(known.begin(), known.end(), name);
  if (found != known.end()) return static_cast<Value>(found - known.begin());
  query.wrong(parameter, no_such_of(parameter, name, known));
  return std::nullopt;
}

void take_status(QueryReader& query, InboxRequest& inbox) {
  using Status = InboxQuestion::Status;
  const std::string* status = query.take("status");
  if (status == nullptr || *status == "open") return;
  if (*status == "answered") {
    inbox.status = Status::Answered;
  } else if (*status == "all") {
    inbox.status = Status::All;
  } else {
    query.wrong("status", "wants open, answered or all, not: " + *status);
  }
}

// One says from where on; several are those and no others.
void take_severities(QueryReader& query, InboxRequest& inbox) {
  const auto names = query.take_lists("severity");
  if (!names) return;
  inbox.severities = {};
  for (const std::string& name : *names) {
    const auto severity = read_name<Severity, kSeverities>(query, "severity", name);
    if (!severity) continue;
    const auto place = static_cast<std::size_t>(*severity);
    const std::size_t end = names->size() == 1 ? kSeverities : place + 1;
    for (std::size_t i = place; i < end; ++i) inbox.severities[i] = true;
  }
  if (names->empty()) {
    query.wrong("severity", "wants none, mild, serious, severe or critical");
  }
}

void take_what(QueryReader& query, InboxRequest& inbox) {
  if (const auto kinds = query.take_lists("kind")) {
    inbox.concerns = {};
    for (const std::string& name : *kinds) {
      const auto concern = read_name<Concern, kConcerns>(query, "kind", name);
      if (concern) inbox.concerns[static_cast<std::size_t>(*concern)] = true;
    }
    if (kinds->empty()) query.wrong("kind", "wants complaint, question, praise or other");
  }
  take_severities(query, inbox);
}

}  // namespace

absl::StatusOr<InboxRequest> parse_inbox_request(const Request& request, const Context& context) {
  Mistakes mistakes;
  InboxRequest inbox;
  QueryReader first(request.query, mistakes);
  GRAPEVINE_ASSIGN_OR_RETURN(inbox.page.cursor, read_cursor_parameter(first, InboxRequest::kList));
  const Fields fields = inbox.page.cursor
                            ? fields_with_cursor(request.query, *inbox.page.cursor, mistakes)
                            : request.query;
  QueryReader query(fields, mistakes);
  query.take("cursor");
  inbox.filter = take_mentions(query, context);
  take_status(query, inbox);
  take_what(query, inbox);
  if (const auto target = take_duration(query, "target", kTargetMax)) inbox.target_ms.fill(*target);
  inbox.filter.max_staleness_ms = take_staleness(query);
  read_page(query, InboxRequest::kLimitMax, inbox.page);
  read_moment(query, context, inbox.page);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  for (const auto& [name, value] : fields) {
    if (!is_of_pages(name)) inbox.page.fields.push_back(name + '=' + value);
  }
  return inbox;
}

}  // namespace grapevine
