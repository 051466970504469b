#include "api/execute/list_page.hpp"

#include "api/error.hpp"
#include "api/result_cache.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {

absl::StatusOr<std::shared_ptr<const Snapshot>> open_snapshot(std::optional<std::uint64_t> pinned,
                                                              const Context& context) {
  auto snapshot = pinned ? context.results.pinned(*pinned, context.now_ms) : nullptr;
  if (snapshot == nullptr) {
    snapshot = context.store.snapshot();
    if (pinned && *pinned != snapshot->number()) {
      return problem(ErrorCode::Gone, "the snapshot is kept no longer: " + std::to_string(*pinned));
    }
  }
  context.results.remember(snapshot, context.now_ms);
  return snapshot;
}

absl::StatusOr<ListSource> open_list(const PageRequest& page, const Context& context) {
  if (!page.cursor) {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto snapshot, open_snapshot(page.snapshot, context));
    return ListSource{snapshot, resolve_as_of(page.as_of, *snapshot, context), 0};
  }
  const Cursor& cursor = *page.cursor;
  const auto snapshot = cursor.process == context.results.process()
                            ? context.results.pinned(cursor.snapshot, context.now_ms)
                            : nullptr;
  if (snapshot == nullptr) {
    return problem(ErrorCode::Gone, "the list of this cursor is kept no longer: begin anew");
  }
  return ListSource{snapshot, {cursor.as_of, cursor.in_the_past}, cursor.offset};
}

absl::StatusOr<std::string> next_cursor(const PageRequest& page, const ListSource& source,
                                        const std::string& list, std::uint64_t end,
                                        std::uint64_t size, const Context& context) {
  if (end >= size) return std::string();
  GRAPEVINE_RETURN_IF_ERROR(context.results.pin(source.snapshot, context.now_ms));
  Cursor cursor;
  cursor.list = list;
  cursor.process = context.results.process();
  cursor.snapshot = source.snapshot->number();
  cursor.as_of = source.moment.as_of;
  cursor.in_the_past = source.moment.in_the_past;
  cursor.offset = end;
  cursor.limit = page.limit;
  cursor.order_by = page.order_by;
  cursor.exit = page.exit;
  cursor.fields = page.fields;
  return write_cursor(cursor);
}

}  // namespace grapevine
