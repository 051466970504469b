#include "api/parse/key_page.hpp"

#include <algorithm>
#include <cstdint>

#include "api/error.hpp"
#include "api/parse/cursor.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::int64_t kLimitMax = 1000;

}  // namespace

absl::StatusOr<KeyPage> parse_key_page(const Request& request, const std::string& list) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  KeyPage page;
  if (const std::string* text = query.take("cursor")) {
    const auto cursor = read_cursor(*text);
    if (!cursor) {
      const std::string detail = "no cursor that this server gave: begin anew";
      return problem(ErrorCode::Gone, detail, {{"?cursor", detail}});
    }
    if (cursor->list != list) query.wrong("cursor", "a cursor of another list");
    page.after = cursor->order_by;
    page.limit = std::min<std::size_t>(cursor->limit, kLimitMax);
  }
  const auto limit = query.take_whole("limit", 1, kLimitMax);
  if (limit) page.limit = static_cast<std::size_t>(*limit);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return page;
}

std::string key_cursor(const std::string& list, const std::string& last, const KeyPage& page) {
  Cursor cursor;
  cursor.list = list;
  cursor.order_by = last;
  cursor.limit = page.limit;
  return write_cursor(cursor);
}

}  // namespace grapevine
