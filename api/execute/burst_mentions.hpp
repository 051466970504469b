#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/plan/alert_document.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// One mention of a burst.
struct BurstMention {
  TimeMs ts = 0;
  std::uint64_t sequence = 0;  ///< In order of arrival.
  CustomerId speaker{};        ///< A person.
  const Run* run = nullptr;    ///< Of the snapshot, where it stands.
  std::uint32_t row = 0;
};

/// The mentions of a series in [from, to), by time and then by arrival: those that alerts count,
/// texts about topics too, as the snapshot defines them, and none of the company's voices.
/// Errors  Cancelled. Cost: a look at the rows of that time, and at their
///         texts.
absl::StatusOr<std::vector<BurstMention>> series_mentions(const Snapshot& snapshot,
                                                          const AlertSeries& series, TimeMs from,
                                                          TimeMs to, const Context& context);

/// When a burst's mentions end: with the burst, or with `as_of`.
TimeMs end_of(const AlertDocument& alert, TimeMs as_of);

/// The mentions of an alert's series since its burst began, until it ended or `as_of`.
absl::StatusOr<std::vector<BurstMention>> burst_mentions(const Snapshot& snapshot,
                                                         const AlertDocument& alert, TimeMs as_of,
                                                         const Context& context);

/// One who spoke in a burst, and how.
struct BurstSpeaker {
  CustomerId person{};
  TimeMs first = 0;
  std::uint64_t mentions = 0;
};

/// The speakers of mentions, each once, in the order of their first mention.
std::vector<BurstSpeaker> speakers_of(const std::vector<BurstMention>& mentions);

/// How many of these tell of harm. Cost: a look at each text.
std::size_t count_harm(std::vector<BurstMention> mentions);

}  // namespace grapevine
