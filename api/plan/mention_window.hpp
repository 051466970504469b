#pragma once

#include <absl/status/status.h>

#include "api/parse/mention_filter.hpp"
#include "api/plan/calendar.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The stretch of time that a question of listening is about.
struct MentionWindow {
  TimeMs from = 0;
  TimeMs to = 0;  ///< Not included; not after `as_of`, whose moment belongs to it.
  bool has_begin =
      false;  ///< Whether the question says where it begins: else with the first event.
};

/// Where nothing is left, `from` is not before `to`.
MentionWindow resolve_window(const MentionFilter& filter, const Snapshot& snapshot, TimeMs as_of);

/// Unprocessable, with both moments, where nothing is left.
absl::Status check_window(const MentionWindow& window);

}  // namespace grapevine
