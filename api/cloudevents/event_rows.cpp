#include "api/cloudevents/event_rows.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "api/cloudevents/html_text.hpp"
#include "api/collect/batch_mark.hpp"
#include "api/collect/call_head.hpp"
#include "api/collect/call_time.hpp"
#include "api/collect/event_call.hpp"
#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using MaybeElement = std::optional<JsonElement>;

MaybeElement member_of(JsonObject object, std::string_view name) {
  JsonElement member;
  if (object.at_key(name).get(member) != simdjson::SUCCESS || member.is_null()) return std::nullopt;
  return member;
}

// Who did what is no activity.
MaybeElement customer_of(const CloudEvent& event) {
  JsonObject data;
  if (event.data && event.data->get_object().get(data) == simdjson::SUCCESS) {
    for (const std::string_view name : {"userId", "customer_id", "actor"}) {
      const MaybeElement id = member_of(data, name);
      if (id && is_scalar(*id)) return id;
    }
  }
  return member_of(event.attributes, "subject");
}

absl::Status add_attributes(JsonObject attributes, RowSink& sink) {
  for (const auto& [name, element] : attributes) {
    if (is_envelope_attribute(name)) continue;
    GRAPEVINE_RETURN_IF_ERROR(add_member(Family::Context, name, element, sink));
  }
  return absl::OkStatus();
}

// The place of a text of U+0000, which we do not store.
std::optional<FieldError> find_nul_in(const CloudEvent& event) {
  const auto wrong = [](std::string place, const std::string& name) {
    return FieldError{std::move(place),
                      "holds the character U+0000" + (name.empty() ? "" : ": " + shown_name(name))};
  };
  if (event.data) {
    if (const auto name = find_nul(*event.data)) return wrong("/data", *name);
  }
  for (const auto& [name, element] : event.attributes) {
    if (name.find('\0') != std::string_view::npos) return wrong("", "(a name)");
    if (const auto found = find_nul(element)) return wrong("/" + std::string(name), *found);
  }
  return std::nullopt;
}

}  // namespace

EventMistakes CloudEventRows::read(const CloudEvent& event, std::uint32_t index) {
  sink_.made.clear();
  BatchMark mark(sink_.batch);
  EventMistakes mistakes = add(event, index);
  if (!mistakes.empty()) mark.go_back();
  return mistakes;
}

EventMistakes CloudEventRows::add(const CloudEvent& event, std::uint32_t index) {
  if (auto nul = find_nul_in(event)) return {*std::move(nul)};
  EventMistakes mistakes;
  const EventAttributes attributes = read_attributes(event.attributes, mistakes);
  std::optional<Activity> activity;
  if (event.data) activity = read_activity(*event.data, mistakes);
  if (activity) {
    if (activity->actor.empty()) activity->actor = attributes.subject;
    if (activity->actor.empty()) {
      mistakes.push_back({"/data/actor", "names nobody, and there is no subject"});
    }
    const bool has_time = !attributes.time.empty();
    if (!has_time && !activity->published.empty() && !time_of(Scalar::of(activity->published))) {
      mistakes.push_back({"/data/published", "is not a time"});
    }
  } else if (!customer_of(event)) {
    mistakes.push_back(
        {"/subject",
         "is not there, and neither data.userId nor data.customer_id names a customer"});
  }
  if (!mistakes.empty()) return mistakes;

  sink_.cells.begin_event();
  const absl::Status added = activity ? add_activity(*activity, attributes, event, index)
                                      : add_other_event(event, attributes, index);
  if (!added.ok()) mistakes.push_back({event.data ? "/data" : "", detail_of(added)});
  return mistakes;
}

// No source has a space in it, so no two pairs make the same text.
std::string_view CloudEventRows::message_id_of(const EventAttributes& attributes) {
  std::string& made = sink_.made.emplace_back(attributes.source);
  made.append(" ").append(attributes.id);
  return made;
}

absl::Status CloudEventRows::add_activity(const Activity& activity,
                                          const EventAttributes& attributes,
                                          const CloudEvent& event, std::uint32_t index) {
  if (activity.actor.size() > kCustomerIdBytesMax) {
    return rejection("actor has more than " + std::to_string(kCustomerIdBytesMax) + " bytes");
  }
  CallTime time;
  time.received = received_;
  const std::string_view when = attributes.time.empty() ? activity.published : attributes.time;
  if (!when.empty()) time.timestamp = Scalar::of(when);
  EventRow row;
  GRAPEVINE_ASSIGN_OR_RETURN(row.ts, time_of_call(time));
  row.event = sink_.intern(activity.event);
  row.customer = sink_.intern(activity.actor);
  row.source = index;
  row.message_id = sink_.intern(message_id_of(attributes));
  row.once = true;

  sink_.rows.begin();
  GRAPEVINE_RETURN_IF_ERROR(
      add_activity_properties(activity, event.data->get_object().value_unsafe()));
  GRAPEVINE_RETURN_IF_ERROR(add_attributes(event.attributes, sink_));
  GRAPEVINE_RETURN_IF_ERROR(sink_.rows.finish(row));
  return add_mentions(activity, row);
}

// The columns of the activity, and what of the data fills none of them.
absl::Status CloudEventRows::add_activity_properties(const Activity& activity, JsonObject data) {
  std::string_view text = activity.content;
  if (!activity.is_plain && !text.empty()) {
    text = sink_.made.emplace_back(html_to_text(activity.content));
  }
  for (const auto& [name, element] : data) {
    std::string_view value;
    const bool is_text = element.get_string().get(value) == simdjson::SUCCESS;
    const bool is_used = name == "@context" || (name == "actor" && is_text) ||
                         (name == "id" && is_text && value == activity.content_id);
    if (is_used) continue;
    if (name != "object") {
      GRAPEVINE_RETURN_IF_ERROR(add_member(Family::Properties, name, element, sink_));
      continue;
    }
    JsonObject object;
    if (element.get_object().get(object) == simdjson::SUCCESS) {
      GRAPEVINE_RETURN_IF_ERROR(add_object(activity, text, object));
    } else if (!is_text) {
      GRAPEVINE_RETURN_IF_ERROR(add_member(Family::Properties, name, element, sink_));
    }
  }
  const std::array<std::pair<std::string_view, std::string_view>, 4> columns{
      {{"content_id", activity.content_id},
       {"parent_id", activity.parent_id},
       {"target_id", activity.target_id},
       {"text", text}}};
  for (const auto& [name, value] : columns) {
    if (value.empty()) continue;
    GRAPEVINE_RETURN_IF_ERROR(sink_.rows.add(Family::Properties, name, Scalar::of(value)));
  }
  return absl::OkStatus();
}

// What of the object fills no column is kept as properties.object.NAME; content too where the text
// is not all that it says.
absl::Status CloudEventRows::add_object(const Activity& activity, std::string_view text,
                                        JsonObject object) {
  for (const auto& [name, element] : object) {
    std::string_view value;
    const bool is_text = element.get_string().get(value) == simdjson::SUCCESS;
    const bool is_used = name == "@context" ||
                         (is_text && name == "id" &&
                          (value == activity.content_id || value == activity.parent_id ||
                           value == activity.target_id)) ||
                         (is_text && name == "inReplyTo" && value == activity.parent_id) ||
                         (is_text && name == "attributedTo" &&
                          (value == activity.actor || value == activity.target_id)) ||
                         (is_text && name == "content" && value == text);
    if (is_used) continue;
    const std::string path = "object." + std::string(name);
    GRAPEVINE_RETURN_IF_ERROR(add_member(Family::Properties, path, element, sink_));
  }
  return absl::OkStatus();
}

absl::Status CloudEventRows::add_mentions(const Activity& activity, const EventRow& post) {
  const std::string message_id(sink_.batch.strings.at(post.message_id));
  std::size_t number = 0;
  for (const std::string_view mentioned : activity.mentions) {
    EventRow row;
    row.ts = post.ts;
    row.event = sink_.intern("Customer Mentioned");
    row.customer = post.customer;
    row.source = post.source;
    row.message_id = sink_.intern(message_id + "#" + std::to_string(++number));
    sink_.rows.begin();
    GRAPEVINE_RETURN_IF_ERROR(
        sink_.rows.add(Family::Properties, "target_id", Scalar::of(mentioned)));
    if (!activity.content_id.empty()) {
      GRAPEVINE_RETURN_IF_ERROR(
          sink_.rows.add(Family::Properties, "content_id", Scalar::of(activity.content_id)));
    }
    GRAPEVINE_RETURN_IF_ERROR(sink_.rows.finish(row));
  }
  return absl::OkStatus();
}

// Reads the event as a track call called after its type.
absl::Status CloudEventRows::add_other_event(const CloudEvent& event,
                                             const EventAttributes& attributes,
                                             std::uint32_t index) {
  members_.clear();
  members_.set(Member::UserId, *customer_of(event));
  for (const auto& [name, element] : event.attributes) {
    if (name == "type") {
      members_.set(Member::Event, element);
    } else if (name == "time") {
      members_.set(Member::Timestamp, element);
    } else if (!is_envelope_attribute(name)) {
      members_.add_unknown(name, element);
    } else if (name == "data_base64" && !event.data) {
      members_.add_unknown(name, element);
    }
  }
  if (event.data && event.data->is_object()) {
    members_.set(Member::Properties, *event.data);
  } else if (event.data) {
    members_.add_unknown("data", *event.data);
  }
  CallSource source;
  source.type = CallType::Track;
  source.received = received_;
  source.source = index;
  GRAPEVINE_ASSIGN_OR_RETURN(CallHead head, read_head(members_, source, sink_.made));
  head.message_id = message_id_of(attributes);
  return add_event_call(head, members_, source, sink_);
}

}  // namespace grapevine
