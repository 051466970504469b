#include "api/live/open_changes.hpp"

#include "api/error.hpp"
#include "api/execute/change_page.hpp"
#include "api/execute/exit_filter.hpp"
#include "api/live/membership_keeper.hpp"
#include "api/plan/segment_document.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {

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
  if (context.memberships != nullptr) {
    GRAPEVINE_RETURN_IF_ERROR(
        context.memberships->keep({segment, reader.rules.consent}, context.stop));
    open.snapshot = context.store.snapshot();
    open.stream = find_stream(*open.snapshot, reader);
  }
  if (open.stream) return open;
  return problem(ErrorCode::Unavailable, "the changes of the segment are not followed yet");
}

}  // namespace grapevine
