#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "absl/status/status.h"

namespace grapevine {

/// Which world to make. The same options give the same bytes, on any machine.
struct WorldOptions {
  std::uint64_t customers =
      20'000;  ///< Lines of customers, brand accounts among them: 10 to 10,000,000.
  std::uint64_t events = 1'000'000;  ///< Lines of events: 0 to 1,000,000,000.
  std::uint64_t seed = 1;
  std::int64_t until_ms = 0;  ///< End of its 180 days, in milliseconds since 1970: 1971 to 9999.
  bool sentiment = false;     ///< Texts come with `sentiment`, as if their mood had been scored.
};

/// Takes whole NDJSON lines, about a megabyte at a time. An error ends the making of the world,
/// which returns it.
using WorldSink = std::function<absl::Status(std::string_view lines)>;

/// Makes the demo world: a shop with 5,000 products, its customers, and what they tell each other
/// over the 180 days before `until_ms`.
///
/// Shapes  events: exactly `events` track calls in the format of /v1/track, in order of time,
///         within [until - 180 days, until). customers: exactly `customers` identify calls. truth:
///         lines {"influencer", "listener", "probability", "mean_delay_s"} for every edge of the
///         social graph, then {"burst": {"product_id", "brand", "channel", "from", "to"}} and
///         {"community": {"leader", "region", "hobby", "size"}}. `customers` and `truth` may be
///         null, and are written before the events.
/// Truth   A post or share reaches every listener of its author who has not passed this story on;
///         each shares it with exactly `probability`, after an exponential delay. Likes and replies
///         come beside.
/// Errors  InvalidArgument: an option is out of range; the message names it. Else what a sink
///         returns.
/// Cost    Linear. 24 bytes an event, some 110 bytes a customer. One thread.
absl::Status generate_world(const WorldOptions& options, const WorldSink& events,
                            const WorldSink* customers, const WorldSink* truth);

}  // namespace grapevine
