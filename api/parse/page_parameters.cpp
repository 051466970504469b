#include "api/parse/page_parameters.hpp"

#include <algorithm>
#include <limits>

#include "api/error.hpp"
#include "api/plan/calendar.hpp"

namespace grapevine {

absl::StatusOr<std::optional<Cursor>> read_cursor_parameter(QueryReader& query,
                                                            const std::string& list) {
  const std::string* text = query.take("cursor");
  if (text == nullptr) return std::nullopt;
  auto cursor = read_cursor(*text);
  if (!cursor) {
    const std::string detail = "no cursor that this server gave: begin anew";
    return problem(ErrorCode::Gone, detail, {{"?cursor", detail}});
  }
  if (cursor->list != list) query.wrong("cursor", "a cursor of another list");
  return cursor;
}

void read_page(QueryReader& query, std::int64_t limit_max, PageRequest& page) {
  const auto limit = query.take_whole("limit", 1, limit_max);
  if (page.cursor) page.limit = std::min(page.cursor->limit, std::uint64_t(limit_max));
  if (limit) page.limit = static_cast<std::uint64_t>(*limit);
  const auto snapshot = query.take_whole("snapshot", 0, std::numeric_limits<std::int64_t>::max());
  if (snapshot) page.snapshot = static_cast<std::uint64_t>(*snapshot);
  if (page.cursor && page.snapshot && *page.snapshot != page.cursor->snapshot) {
    query.wrong("snapshot", "not what it was when the cursor was given");
  }
}

void read_moment(QueryReader& query, const Context& context, PageRequest& page) {
  if (const auto as_of = query.take_as_of()) {
    page.as_of = *as_of;
    // "latest" was a time when the cursor was given; asking for it again means that same one.
    if (page.cursor && as_of->kind == AsOf::Kind::At &&
        moment_of(as_of->at, context.timezone) != page.cursor->as_of) {
      query.wrong("as_of", "not what it was when the cursor was given");
    }
  }
}

}  // namespace grapevine
