#pragma once

#include <span>

#include "kernels/listen/episode_activity.hpp"

namespace grapevine {

/// What read_episode_activity must answer: each row is held against each episode.
EpisodeActivity episode_activity_reference(const Snapshot& snapshot,
                                           std::span<const Episode> episodes,
                                           std::span<const GroupDimension> about, TimeMs until);

}  // namespace grapevine
