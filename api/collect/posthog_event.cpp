#include "api/collect/posthog_event.hpp"

#include <algorithm>
#include <string>

#include "api/collect/rejection.hpp"
#include "api/collect/trait_call.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using MaybeElement = std::optional<JsonElement>;
using MaybeObject = std::optional<JsonObject>;

// The member `name` of an object that may not be there; a null counts as not sent.
MaybeElement member_of(const MaybeObject& object, std::string_view name) {
  JsonElement element;
  if (!object || object->at_key(name).get(element) != simdjson::SUCCESS || element.is_null()) {
    return std::nullopt;
  }
  return element;
}

std::string_view text_at(const MaybeObject& object, std::string_view name) {
  const MaybeElement element = member_of(object, name);
  if (!element || !element->is_string()) return {};
  return element->get_string().value_unsafe();
}

bool is_false(const MaybeObject& object, std::string_view name) {
  const MaybeElement element = member_of(object, name);
  return element && element->is_bool() && !element->get_bool().value_unsafe();
}

absl::StatusOr<MaybeObject> object_of(const MaybeElement& element, std::string_view name) {
  if (!element) return MaybeObject();
  if (!element->is_object()) return rejection(std::string(name) + " is not an object");
  return MaybeObject(element->get_object().value_unsafe());
}

// What the libraries put into the properties, or beside them.
MaybeElement either(const MaybeObject& properties, const MaybeObject& event,
                    std::string_view name) {
  const MaybeElement inside = member_of(properties, name);
  return inside ? inside : member_of(event, name);
}

absl::StatusOr<PersonProperties> read_person(const MaybeObject& properties,
                                             const MaybeObject& event) {
  PersonProperties person;
  GRAPEVINE_ASSIGN_OR_RETURN(person.set, object_of(either(properties, event, "$set"), "$set"));
  GRAPEVINE_ASSIGN_OR_RETURN(person.set_once,
                             object_of(either(properties, event, "$set_once"), "$set_once"));
  if (const MaybeElement unset = either(properties, event, "$unset")) {
    JsonArray names;
    if (unset->get_array().get(names) != simdjson::SUCCESS ||
        !std::all_of(names.begin(), names.end(), [](JsonElement e) { return e.is_string(); })) {
      return rejection("$unset is not a list of names");
    }
    person.unset = names;
  }
  return person;
}

CallType type_of_event(std::string_view event) {
  if (event == "$identify") return CallType::Identify;
  if (event == "$create_alias" || event == "$merge_dangerously") return CallType::Alias;
  if (event == "$groupidentify") return CallType::Group;
  if (event == "$pageview") return CallType::Page;
  if (event == "$screen") return CallType::Screen;
  return CallType::Track;
}

bool is_anonymous(const MaybeObject& properties, const MaybeElement& distinct_id) {
  if (is_false(properties, "$is_identified")) return true;
  if (is_false(properties, "$process_person_profile")) return true;
  const std::string_view device = text_at(properties, "$device_id");
  return !device.empty() && distinct_id && distinct_id->is_string() &&
         std::string_view(distinct_id->get_string().value_unsafe()) == device;
}

// Libraries call a group that they know no person for by its own type and key.
bool is_named_for_group(const MaybeObject& properties, std::string_view distinct_id) {
  const std::string type(text_at(properties, "$group_type"));
  const std::string key(text_at(properties, "$group_key"));
  return distinct_id == "$" + type + "_" + key;
}

absl::Status read_group(const MaybeObject& properties, CallMembers& members) {
  if (const MaybeElement key = member_of(properties, "$group_key")) {
    members.set(Member::GroupId, *key);
  }
  if (const MaybeElement set = member_of(properties, "$group_set")) {
    members.set(Member::Traits, *set);
  }
  std::string_view id;
  if (members.has(Member::UserId) &&
      members.at(Member::UserId).get_string().get(id) == simdjson::SUCCESS &&
      is_named_for_group(properties, id)) {
    return rejection("$groupidentify names no person, and a group is not kept by itself");
  }
  return absl::OkStatus();
}

// The members that have a meaning of their own; the others are kept as the call's.
void read_members(JsonObject event, bool is_track, CallMembers& members) {
  for (const auto& [name, element] : event) {
    if (name == "event") {
      if (is_track) members.set(Member::Event, element);
    } else if (name == "uuid") {
      members.set(Member::MessageId, element);
    } else if (name == "timestamp") {
      members.set(Member::Timestamp, element);
    } else if (name == "sent_at") {
      members.set(Member::SentAt, element);
    } else if (name == "properties") {
      members.set(Member::Properties, element);
    } else if (name != "distinct_id" && name != "api_key" && name != "token" && name != "type" &&
               !is_person_property(name)) {
      members.add_unknown(name, element);
    }
  }
}

}  // namespace

bool is_person_property(std::string_view name) {
  return name == "$set" || name == "$set_once" || name == "$unset";
}

absl::StatusOr<PosthogCall> read_posthog_event(JsonObject event, CallMembers& members) {
  members.clear();
  const MaybeObject call(event);
  const std::string_view name = text_at(call, "event");
  PosthogCall posthog;
  posthog.type = type_of_event(name);
  posthog.is_about_person_only = is_person_property(name);
  read_members(event, posthog.type == CallType::Track, members);
  GRAPEVINE_ASSIGN_OR_RETURN(const MaybeObject properties,
                             object_of(member_of(call, "properties"), "properties"));
  GRAPEVINE_ASSIGN_OR_RETURN(posthog.person, read_person(properties, call));

  MaybeElement distinct_id = member_of(call, "distinct_id");
  if (!distinct_id) distinct_id = member_of(properties, "distinct_id");
  if (!distinct_id) return rejection("distinct_id is not there");
  const bool says_who = posthog.type == CallType::Identify || posthog.type == CallType::Alias;
  const bool anonymous = !says_who && is_anonymous(properties, distinct_id);
  members.set(anonymous ? Member::AnonymousId : Member::UserId, *distinct_id);

  switch (posthog.type) {
    using enum CallType;
    case Identify:
      if (posthog.person.set) {
        members.set(Member::Traits, *either(properties, call, "$set"));
        posthog.person.set.reset();
      }
      if (const MaybeElement before = member_of(properties, "$anon_distinct_id")) {
        members.set(Member::AnonymousId, *before);
      }
      break;
    case Alias:
      if (const MaybeElement alias = member_of(properties, "alias")) {
        members.set(Member::PreviousId, *alias);
      }
      break;
    case Group: GRAPEVINE_RETURN_IF_ERROR(read_group(properties, members)); break;
    case Track:
    case Page:
    case Screen: break;
  }
  return posthog;
}

absl::Status add_person_properties(const PersonProperties& person, const CallHead& head,
                                   const CallSource& source, RowSink& sink) {
  if (person.set || person.unset) {
    sink.cells.begin_event();
    if (person.set) GRAPEVINE_RETURN_IF_ERROR(add_traits(*person.set, Family::Trait, sink));
    if (person.unset) {
      for (const JsonElement name : *person.unset) {
        GRAPEVINE_RETURN_IF_ERROR(
            sink.cells.add(Family::Trait, name.get_string().value_unsafe(), Scalar()));
      }
    }
    add_trait_row(head, source.source, sink);
  }
  if (person.set_once && person.set_once->size() > 0) {
    // The latest row of a trait wins. Those that were set once stand before 1970, in the reverse of
    // their order: behind all that were set, and the first of them wins.
    CallHead first = head;
    first.ts = -1 - std::max<TimeMs>(head.ts, 0) / 4;
    sink.cells.begin_event();
    GRAPEVINE_RETURN_IF_ERROR(add_traits(*person.set_once, Family::Trait, sink));
    add_trait_row(first, source.source, sink);
  }
  return absl::OkStatus();
}

}  // namespace grapevine
