#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "kernels/listen/kaplan_meier.hpp"
#include "kernels/listen/service_case.hpp"

namespace grapevine {

inline constexpr std::array<unsigned, 4> kServicePercents{50, 75, 90, 95};

/// How long some cases waited for something.
struct WaitNumbers {
  std::uint64_t ended = 0;
  std::uint64_t waiting = 0;
  /// Of those that ended alone: the least length that so many percent of them do not exceed.
  std::array<std::optional<TimeMs>, 4> of_ended = {};
  /// Of all, those that still wait included.
  std::array<WaitPercentile, 4> estimated = {};
  friend bool operator==(const WaitNumbers&, const WaitNumbers&) = default;
};

/// How complaints are dealt with.
struct ServiceNumbers {
  std::uint64_t opened = 0;
  std::uint64_t tickets = 0;                      ///< Of these; the others are posts.
  std::array<std::uint64_t, kComplaintsBy> by{};  ///< How they are known to be complaints.
  std::uint64_t answered = 0;
  std::uint64_t resolved = 0;
  std::uint64_t open = 0;
  std::uint64_t reopened = 0;  ///< Openings of a ticket that had been opened before.

  std::uint64_t within_target = 0;  ///< Answered in the target time.
  std::uint64_t missed_target = 0;  ///< Answered later, or not yet though the time is over.
  /// The share that waits longer than the target; nullopt: no target, or nobody was seen to wait as
  /// long.
  std::optional<Survival> longer_than_target = {};

  WaitNumbers answer;      ///< From opening to the first answer.
  WaitNumbers resolution;  ///< From opening to the resolution, of tickets alone.
};

/// Shapes  No case was opened after `as_of`, or has a time after it but kNotYet.
/// Units   Lengths and `target` in milliseconds.
/// Cost    O(n log n).
ServiceNumbers count_service(std::span<const ServiceCase* const> cases, TimeMs as_of,
                             std::optional<TimeMs> target);

}  // namespace grapevine
