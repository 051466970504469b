#pragma once

#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "api/plan/alert_document.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// One mention of a burst.
struct BurstMention {
  TimeMs ts = 0;
  std::uint64_t sequence = 0;  ///< In order of arrival.
  CustomerId speaker{};        ///< A person.
};

/// The mentions of an alert's series since its burst began, until it ended or `as_of`, by time and
/// then by arrival. Errors  Cancelled. Cost: a look at the rows of that time.
absl::StatusOr<std::vector<BurstMention>> burst_mentions(const Snapshot& snapshot,
                                                         const AlertDocument& alert, TimeMs as_of,
                                                         const Stop& stop);

/// One who spoke in a burst, and how.
struct BurstSpeaker {
  CustomerId person{};
  TimeMs first = 0;
  std::uint64_t mentions = 0;
};

/// The speakers of mentions, each once, in the order of their first mention.
std::vector<BurstSpeaker> speakers_of(const std::vector<BurstMention>& mentions);

}  // namespace grapevine
