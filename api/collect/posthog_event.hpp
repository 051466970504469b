#pragma once

#include <optional>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "api/collect/call_head.hpp"
#include "api/collect/call_members.hpp"
#include "api/collect/json.hpp"
#include "api/collect/row_sink.hpp"

namespace grapevine {

/// What an event of PostHog's says about its person beside what happened.
struct PersonProperties {
  std::optional<JsonObject> set;       ///< `$set`: traits.
  std::optional<JsonObject> set_once;  ///< `$set_once`: traits that no `$set` has set.
  std::optional<JsonArray> unset;      ///< `$unset`: names of traits to be removed.
};

/// An event of PostHog's as the call that it is.
struct PosthogCall {
  CallType type = CallType::Track;
  bool is_about_person_only = false;  ///< `$set`, `$unset`: there is nothing but `person`.
  PersonProperties person;
};

/// Reads an event of PostHog's capture API into the members of a call, which it replaces.
///
/// `distinct_id` is the userId, or the anonymousId where the event says that nobody is signed in
/// (`$is_identified` or `$process_person_profile` false, or the `$device_id` is the same); `uuid`
/// is the messageId. `$identify` is identify, its `$anon_distinct_id` the anonymousId;
/// `$create_alias` and `$merge_dangerously` are alias; `$groupidentify` is group; `$pageview` and
/// `$screen` are page and screen; any other event is track.
/// Errors  InvalidArgument: a rejection (a group that no person is named for included).
absl::StatusOr<PosthogCall> read_posthog_event(JsonObject event, CallMembers& members);

/// Whether a member of PostHog's properties is about the person: no property of the event.
bool is_person_property(std::string_view name);

/// Adds what is said of the person as rows of traits, if anything is.
/// Errors  InvalidArgument: a rejection; rows may have been added, which the caller takes back.
absl::Status add_person_properties(const PersonProperties& person, const CallHead& head,
                                   const CallSource& source, RowSink& sink);

}  // namespace grapevine
