#include "api/collect/call.hpp"

#include "api/collect/event_call.hpp"
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
      return rejection("a text holds the character U+0000: " + shown_name(*place));
    }
  }
  sink_.made.clear();
  members_.read(object);

  Batch& batch = sink_.batch;
  const std::size_t events = batch.events.size();
  const std::size_t traits = batch.traits.size();
  const std::size_t links = batch.links.size();
  const std::size_t cells = batch.cells.size();
  absl::Status added = add(source);
  if (!added.ok()) {  // What was interned stays: no row refers to it.
    batch.events.resize(events);
    batch.traits.resize(traits);
    batch.links.resize(links);
    batch.cells.resize(cells);
  }
  return added;
}

absl::Status CallReader::add(const CallSource& source) {
  GRAPEVINE_ASSIGN_OR_RETURN(const CallHead head, read_head(members_, source, sink_.made));
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
