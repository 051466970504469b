#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/cloudevents/cloudevent.hpp"
#include "api/collect/json.hpp"

namespace grapevine {

/// A social activity of ActivityStreams 2.0 in our words. Texts are empty where there is none.
struct Activity {
  std::string_view event;       ///< "Post Created", "Post Shared", ...
  std::string_view actor;       ///< Who did it: `actor`, by its id.
  std::string_view content_id;  ///< What was posted.
  std::string_view parent_id;   ///< What was replied to, shared or liked.
  std::string_view target_id;   ///< Who was followed, or wrote the parent, where that is said.
  std::string_view content;     ///< As sent: HTML, unless `is_plain`.
  bool is_plain = false;
  std::string_view published;
  std::vector<std::string_view> mentions;  ///< Whom the post mentions, each once, by their ids.
};

/// Reads the `data` of an event as an activity: Create of a Note, Article or the like (a reply
/// where it has `inReplyTo`; `tag`s of type Mention), Announce, Like, Follow. nullopt: it is none of
/// these, which is no mistake. What is missing from one that it is goes to `mistakes`.
/// Source  Activity Streams 2.0 (W3C, 2017) and its Vocabulary.
std::optional<Activity> read_activity(JsonElement data, EventMistakes& mistakes);

}  // namespace grapevine
