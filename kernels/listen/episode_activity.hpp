#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/listen/group_dimension.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Since when somebody is looked at.
struct Episode {
  CustomerId person = kNobody;
  TimeMs begin = 0;
};

/// What somebody did in the 90 days before their episode, its own moment not included.
struct PriorActivity {
  std::uint32_t events = 0;
  std::uint32_t events_30 = 0;  ///< Of these in the last 30 days.
  std::uint32_t posts = 0;      ///< Of a social name.
  std::uint32_t orders = 0;     ///< Order Completed.
  std::uint32_t advocacies = 0;
  std::uint32_t scored = 0;        ///< Events with a sentiment.
  std::int64_t sentiment_sum = 0;  ///< Theirs, cut to [-1, 1], in units of 2^-32.
  friend bool operator==(const PriorActivity&, const PriorActivity&) = default;
};

/// What people of episodes did before, and when they spoke well of something after.
struct EpisodeActivity {
  std::vector<PriorActivity> prior;  ///< By episode.
  std::vector<std::size_t> offsets;  ///< By episode, and the end.
  std::vector<TimeMs> advocacies;    ///< From the episode on, until `until`; ascending.

  /// How often in (after, after + length]. Cost: two binary searches.
  [[nodiscard]] std::size_t count(std::size_t episode, TimeMs after, TimeMs length) const;
  friend bool operator==(const EpisodeActivity&, const EpisodeActivity&) = default;
};

/// Reads what people did around their episodes. Advocacy is a post, share, reply, mention or review
/// with a sentiment above 0.05, and a `Product Shared` without a sentiment: sharing a product
/// recommends it.
///
/// Shapes  episodes: one a person, by ascending person. about: an advocacy is in a group of each of
///         these, as what is spoken of; none: of anything.
/// Errors  Cancelled: `stop` was requested.
/// Cost    One pass over the customers of the rows from 90 days before the first episode until
///         `until`, and over times, names and sentiment of those of the people; parallel over
///         customers. Counts are whole numbers: the same bits for any number of threads.
absl::StatusOr<EpisodeActivity> read_episode_activity(const Snapshot& snapshot,
                                                      std::span<const Episode> episodes,
                                                      std::span<const GroupDimension> about,
                                                      TimeMs until, const Stop& stop);
inline constexpr TimeMs kPriorMs = TimeMs{90} * 24 * 3'600'000;
inline constexpr TimeMs kRecentMs = TimeMs{30} * 24 * 3'600'000;

}  // namespace grapevine
