#include "api/encode/member_rows.hpp"
#include "api/error.hpp"
#include "api/execute/exit_filter.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/member_list.hpp"
#include "api/parse/members_request.hpp"
#include "api/plan/segment_document.hpp"
#include "api/routes/segments.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {

// GET /v1/segments/{name}/members: the target list, ordered, a page at a time.
absl::StatusOr<Response> list_members(const Request& request, const Context& context) {
  const std::string& segment = *find_field(request.path_parameters, "name");
  const std::string list_name = "segments/" + segment + "/members";
  GRAPEVINE_ASSIGN_OR_RETURN(const PageRequest query,
                             parse_members_request(request, list_name, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const ListSource source, open_list(query, context));
  if (!has_segment(*source.snapshot, segment)) {
    return problem(ErrorCode::NotFound, no_such_segment(*source.snapshot, segment));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto fields, bind_fields(query, source, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto list, open_member_list(segment, query, source, context));
  const std::uint64_t end = source.offset + query.limit;
  MemberPage page;
  GRAPEVINE_ASSIGN_OR_RETURN(page.next_cursor,
                             next_cursor(query, source, list_name, end, list->listed(), context));
  std::vector<CustomerId> rows = list->page(source.offset, end);
  drop_withheld_since(rows, query.exit, *context.store.snapshot());
  page.segment = segment;
  page.rows = rows;
  page.fields = fields;
  page.list = list.get();
  page.snapshot = source.snapshot.get();
  page.moment = source.moment;
  return encode_members(page, query.format, context.stop);
}

}  // namespace grapevine
