#include <utility>

#include "api/encode/change_rows.hpp"
#include "api/execute/change_page.hpp"
#include "api/live/change_events.hpp"
#include "api/live/open_changes.hpp"
#include "api/parse/changes_request.hpp"
#include "api/routes/changes.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

Response follow_changes(const ChangesRequest& asked, const ChangeCursor& from,
                        const Context& context) {
  Response response;
  response.content_type = "text/event-stream";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Accel-Buffering", "no");  // A proxy would hold events back.
  response.body = ChangeEvents::preface();
  response.rest = std::make_shared<ChangeEvents>(context.store, asked.reader, from);
  return response;
}

}  // namespace

// GET /v1/segments/{name}/changes: who entered and left, a page at a time or as it happens.
absl::StatusOr<Response> list_changes(const Request& request, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const ChangesRequest asked, parse_changes_request(request));
  GRAPEVINE_ASSIGN_OR_RETURN(const OpenChanges open, open_changes(asked.reader, context));
  const ChangeCursor from = asked.cursor.value_or(beginning_of(*open.stream));
  if (asked.events) {
    GRAPEVINE_RETURN_IF_ERROR(check_cursor(from, *open.stream));
    return follow_changes(asked, from, context);
  }
  ChangeAnswer answer;
  GRAPEVINE_ASSIGN_OR_RETURN(
      answer.page, read_changes(*open.snapshot, *open.stream, asked.reader, from, asked.limit));
  answer.segment = asked.reader.segment;
  answer.next_cursor = write_change_cursor(answer.page.next, asked.reader);
  answer.as_of = context.now_ms;
  answer.snapshot = open.snapshot->number();
  return encode_changes(answer, asked.format);
}

}  // namespace grapevine
