#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "kernels/segment/event_selection.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Events by which people react to each other: a mention each, with a text or without.
inline constexpr std::array<std::string_view, 6> kSocialEvents{
    "Post Created", "Post Shared",        "Post Replied",
    "Post Liked",   "Customer Mentioned", "Customer Followed"};

/// Which rows of `events` are mentions: those of a social name, and those that have a text, from
/// `from` until before `to`. A row is in exactly one of the selections, which take further rules.
/// Cost: O(names of events).
std::vector<EventSelection> select_mentions(const Snapshot& snapshot, TimeMs from, TimeMs to);

}  // namespace grapevine
