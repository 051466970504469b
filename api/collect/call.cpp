#include "api/collect/call.hpp"

#include "api/collect/batch_mark.hpp"
#include "api/collect/event_call.hpp"
#include "api/collect/posthog_event.hpp"
#include "api/collect/rejection.hpp"
#include "api/collect/trait_call.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::Status CallReader::read(JsonElement call, const CallSource& source) {
  JsonObject object;
  if (call.get_object().get(object) != simdjson::SUCCESS) {
    return rejection("the event is not an object");
  }
  if (source.may_hold_nul) {
    if (const auto place = find_nul(call)) {
      return nul_rejection(shown_name(*place));
    }
  }
  sink_.made.clear();

  BatchMark mark(sink_.batch);
  absl::Status added =
      source.dialect == Dialect::Posthog ? add_posthog(object, source) : add(object, source);
  if (!added.ok()) mark.go_back();
  return added;
}

absl::Status CallReader::add(JsonObject call, const CallSource& source) {
  members_.read(call);
  GRAPEVINE_ASSIGN_OR_RETURN(const CallHead head, read_head(members_, source, sink_.made));
  return add_call(head, source);
}

absl::Status CallReader::add_posthog(JsonObject event, const CallSource& source) {
  GRAPEVINE_ASSIGN_OR_RETURN(const PosthogCall call, read_posthog_event(event, members_));
  CallSource typed = source;
  typed.type = call.type;
  GRAPEVINE_ASSIGN_OR_RETURN(const CallHead head, read_head(members_, typed, sink_.made));
  if (!call.is_about_person_only) GRAPEVINE_RETURN_IF_ERROR(add_call(head, typed));
  return add_person_properties(call.person, head, typed, sink_);
}

absl::Status CallReader::add_call(const CallHead& head, const CallSource& source) {
  sink_.cells.begin_event();
  switch (head.type) {
    using enum CallType;
    case Track:
    case Page:
    case Screen: return add_event_call(head, members_, source, sink_);
    case Identify: return add_identify(head, members_, source, sink_);
    case Group: return add_group(head, members_, source, sink_);
    case Alias: return add_alias(head, members_, sink_);
  }
  return absl::OkStatus();
}

}  // namespace grapevine
