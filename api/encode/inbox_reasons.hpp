#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/execute/inbox_list.hpp"
#include "kernels/listen/triage.hpp"

namespace grapevine {

/// What the place of an item follows from.
struct InboxEvidence {
  std::string_view text;
  std::span<const FoundSign> signs;
  Triage told;
  std::optional<double> sentiment;
  bool can_be_answered = true;
  ItemSpread spread;
  TimeMs age_ms = 0;
  TimeMs target_ms = 0;
  /// How long it waited, where it was answered or resolved.
  std::optional<TimeMs> waited_ms = {};
};

/// Short English sentences that explain the place of an item: why it is of its kind, why it is so
/// severe, how far it goes and how long it waits.
std::vector<std::string> inbox_reasons(const InboxEvidence& of);

}  // namespace grapevine
