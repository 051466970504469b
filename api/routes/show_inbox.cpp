#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "api/encode/inbox_result.hpp"
#include "api/error.hpp"
#include "api/execute/erased.hpp"
#include "api/execute/inbox_list.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/restricted.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/inbox_request.hpp"
#include "api/result_cache.hpp"
#include "api/routes/listening.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// The list of a page: kept, or made anew. One that is made for a later page is the same again unless
// the graph moved on, which only happens where an older one was asked for.
absl::StatusOr<std::shared_ptr<InboxList>> open_inbox(const InboxRequest& asked,
                                                      const ListSource& source,
                                                      const Context& context) {
  std::string key = "listen/inbox " + std::to_string(source.snapshot->number()) + ' ' +
                    std::to_string(source.moment.as_of);
  for (const std::string& field : asked.page.fields) key += '\n' + field;
  const bool is_later_page = asked.page.cursor.has_value();
  if (is_later_page || asked.filter.max_staleness_ms == 0) {
    const auto kept = std::dynamic_pointer_cast<InboxList>(context.results.list(key));
    if (kept != nullptr && kept->snapshot.lock() == source.snapshot) return kept;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(auto list, make_inbox(asked, source, context));
  if (is_later_page &&
      asked.page.cursor->order_by != std::to_string(list->graph->snapshot_number()) &&
      asked.filter.max_staleness_ms > 0) {
    return problem(ErrorCode::Gone, "the list of this cursor is kept no longer: begin anew");
  }
  if (source.offset + asked.page.limit < list->items.size()) context.results.keep_list(key, list);
  return list;
}

}  // namespace

// GET /v1/listen/inbox: what people said to or about the company and nobody answered.
absl::StatusOr<Response> show_inbox(const Request& request, const Context& context) {
  const Stopwatch watch;
  GRAPEVINE_ASSIGN_OR_RETURN(InboxRequest asked, parse_inbox_request(request, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const ListSource source, open_list(asked.page, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto list, open_inbox(asked, source, context));
  const std::size_t size = list->items.size();
  const std::size_t begin = std::min<std::size_t>(source.offset, size);
  const std::size_t end = std::min<std::size_t>(begin + asked.page.limit, size);
  InboxPage page{*list, *source.snapshot, source.moment, begin, {}, {}};
  asked.page.order_by = std::to_string(list->graph->snapshot_number());
  GRAPEVINE_ASSIGN_OR_RETURN(
      page.next_cursor, next_cursor(asked.page, source, InboxRequest::kList, end, size, context));
  std::vector<const RankedItem*> items = list->page(begin, end);
  const auto newest = context.store.snapshot();
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*newest, context.stop));
  const bool any_restricted = !restricted.empty();
  for (const RankedItem*& item : items) {
    const CustomerId who = item->item.customer;
    if (is_erased(who, *newest) || (any_restricted && restricted.has(who))) item = nullptr;
  }
  page.items = items;
  Response response;
  response.body = encode_inbox(asked, page, watch.elapsed_ms());
  return response;
}

}  // namespace grapevine
