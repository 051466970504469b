#include "api/parse/changes_request.hpp"

#include <string_view>

#include "api/error.hpp"
#include "api/parse/query_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

bool wants_events(const Request& request) {
  const std::string* accept = find_field(request.headers, "accept");
  return accept != nullptr && accept->find("text/event-stream") != std::string::npos &&
         find_field(request.query, "format") == nullptr;
}

}  // namespace

absl::StatusOr<ChangesRequest> parse_changes_request(const Request& request) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  ChangesRequest changes;
  changes.reader.segment = *find_field(request.path_parameters, "name");
  changes.reader.rules = read_exit_rules(query);
  changes.events = wants_events(request);
  const std::string* cursor = query.take("cursor");
  if (changes.events) {
    const std::string* last = find_field(request.headers, "last-event-id");
    if (last != nullptr && !last->empty()) cursor = last;
  } else {
    changes.format = read_format(query, request);
    const std::int64_t most = changes.format == RowFormat::Json ? kJsonLimit : kRowsLimit;
    const auto limit = query.take_whole("limit", 1, most);
    if (limit) changes.limit = static_cast<std::size_t>(*limit);
  }
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  if (cursor == nullptr) return changes;
  changes.cursor = read_change_cursor(*cursor, changes.reader);
  if (!changes.cursor) {
    const std::string detail =
        "no cursor that this server gave for this segment, consent, holdout and campaign: begin "
        "anew without a cursor";
    return problem(ErrorCode::Gone, detail, {{"?cursor", detail}});
  }
  return changes;
}

}  // namespace grapevine
