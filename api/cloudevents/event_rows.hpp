#pragma once

#include <cstdint>
#include <string_view>

#include <absl/status/status.h>

#include "api/cloudevents/activity.hpp"
#include "api/cloudevents/cloudevent.hpp"
#include "api/cloudevents/event_attributes.hpp"
#include "api/collect/call_members.hpp"
#include "api/collect/row_sink.hpp"
#include "storage/batch.hpp"

namespace grapevine {

/// Reads CloudEvents, one after the other, into one batch.
///
/// Data that is an activity of ActivityStreams becomes a row of its social event, and a row
/// `Customer Mentioned` for each mention; any other event becomes a row called after its `type`,
/// whose properties its data are, and whose customer is `data.userId`, `data.customer_id`,
/// `data.actor` or else the `subject`. (`source`, `id`) is the message id: one that was stored
/// before is not stored again. Attributes without a column are kept as context.NAME. Not
/// thread-safe.
class CloudEventRows {
 public:
  /// `batch` outlives this.
  CloudEventRows(Batch& batch, TimeMs received) : sink_(batch), received_(received) {}

  /// Adds what an event says, as number `index` of its request. Nothing is added where there are
  /// mistakes.
  EventMistakes read(const CloudEvent& event, std::uint32_t index);

 private:
  EventMistakes add(const CloudEvent& event, std::uint32_t index);
  absl::Status add_activity(const Activity& activity, const EventAttributes& attributes,
                            const CloudEvent& event, std::uint32_t index);
  absl::Status add_other_event(const CloudEvent& event, const EventAttributes& attributes,
                               std::uint32_t index);
  absl::Status add_activity_properties(const Activity& activity, JsonObject data);
  absl::Status add_object(const Activity& activity, std::string_view text, JsonObject object);
  absl::Status add_mentions(const Activity& activity, const EventRow& post);
  std::string_view message_id_of(const EventAttributes& attributes);

  RowSink sink_;
  CallMembers members_;
  TimeMs received_;
};

}  // namespace grapevine
