#include "api/live/open_changes.hpp"

#include <chrono>
#include <string>

#include "api/error.hpp"
#include "api/execute/change_page.hpp"
#include "api/execute/exit_filter.hpp"
#include "api/live/segments/segment_keeper.hpp"
#include "api/plan/segment_document.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// Filling a segment takes a pass over everybody, and some may wait for others.
constexpr std::chrono::seconds kPatience{10};

absl::Status not_followed(const absl::Status& why) {
  const std::string detail(why.message());
  if (absl::IsNotFound(why)) return problem(ErrorCode::NotFound, detail);
  if (absl::IsDeadlineExceeded(why)) return problem(ErrorCode::Unavailable, detail);
  return problem(ErrorCode::Conflict, detail);
}

}  // namespace

absl::StatusOr<OpenChanges> open_changes(const ChangeReader& reader, const Context& context) {
  OpenChanges open{context.store.snapshot(), nullptr};
  const std::string& segment = reader.segment;
  if (!has_segment(*open.snapshot, segment)) {
    return problem(ErrorCode::NotFound, no_such_segment(*open.snapshot, segment));
  }
  const std::string unknown = unknown_consent(reader.rules, *open.snapshot);
  if (!unknown.empty()) {
    return problem(ErrorCode::Unprocessable, unknown, {{"?consent", unknown}});
  }
  open.stream = find_stream(*open.snapshot, reader);
  if (open.stream) return open;
  if (context.keeper != nullptr) {
    const absl::Status begun = context.keeper->follow({segment, reader.rules.consent}, kPatience);
    if (!begun.ok()) return not_followed(begun);
    open.snapshot = context.store.snapshot();
    open.stream = find_stream(*open.snapshot, reader);
  }
  if (open.stream) return open;
  return problem(ErrorCode::Unavailable, "the changes of the segment are not followed yet");
}

}  // namespace grapevine
