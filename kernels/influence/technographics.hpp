#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// How someone takes part, lowest first: a person stands on every rung that they are active on, so
/// groups overlap. The number of a rung is its place; its bit in a mask is 1 << (number - 1).
///
/// Source  Li & Bernoff, Groundswell (2008), chapter 3; Forrester's conversationalists of 2010.
enum class Rung : std::uint8_t {
  Inactive = 0,           ///< None of the others.
  Spectator = 1,          ///< Reads, watches.
  Joiner = 2,             ///< Follows, joins communities.
  Collector = 3,          ///< Likes, saves, tags.
  Critic = 4,             ///< Rates, reviews, comments, answers.
  Conversationalist = 5,  ///< Talks with others, weekly. Since 2010.
  Creator = 6,            ///< Publishes.
};
inline constexpr std::size_t kActiveRungs = 6;

/// "creator", "conversationalist", ..., "inactive".
std::string_view rung_name(Rung rung);

constexpr std::uint8_t rung_bit(Rung rung) {
  return rung == Rung::Inactive
             ? std::uint8_t{0}
             : static_cast<std::uint8_t>(1U << (static_cast<unsigned>(rung) - 1));
}
/// The highest rung of a mask.
constexpr Rung highest_rung(std::uint8_t mask) { return static_cast<Rung>(std::bit_width(mask)); }

/// One event of that name shows that someone is active on a rung.
struct RungEvent {
  std::string event;
  Rung rung = Rung::Spectator;
};

/// What our standard events, and some usual ones of communities, show.
std::span<const RungEvent> default_rung_events();

/// Active means: at least one event in each of the last `periods` spans of `period_ms` before the
/// moment asked about, that included: ((as_of - i period - period), as_of - i period].
struct RungCadence {
  TimeMs period_ms = 0;
  std::size_t periods = 1;
};
inline constexpr RungCadence kMonthly{30LL * 86'400'000, 1};
inline constexpr RungCadence kWeekly{7LL * 86'400'000, 4};

struct TechnographicsOptions {
  bool conversationalists = true;  ///< Seven rungs; false: six, as in 2008.
  RungCadence cadence = kMonthly;  ///< Of all rungs but the conversationalists'.
  RungCadence conversation_cadence = kWeekly;
};

/// Who is active on each rung: [number - 1]; all sets range over the same customers.
using RungSets = std::array<CustomerSet, kActiveRungs>;

/// Where everyone stands.
struct Technographics {
  std::vector<std::uint8_t>
      masks;  ///< By customer: bits of all rungs they are active on; 0: inactive.
  /// By number of the rung: everyone on it, and those for whom it is the highest. Both count the
  /// inactive at 0.
  std::array<std::size_t, kActiveRungs + 1> on_rung{};
  std::array<std::size_t, kActiveRungs + 1> highest{};
};

/// Reads who is active on each rung, over all customers of the snapshot.
///
/// Shapes  events: any names, each with any number of rungs; unknown names show nothing; Inactive
///         and, with six rungs, conversationalists' events are left out.
/// Errors  InvalidArgument: a cadence without time or periods, more than 53 periods. Cancelled.
/// Cost    A count of the rung's events for each rung and period (customers_by_count).
absl::StatusOr<RungSets> rung_sets(const Snapshot& snapshot, std::span<const RungEvent> events,
                                   TimeMs as_of, const TechnographicsOptions& options,
                                   const Stop& stop);

/// Shapes  counted: who is; masks are of everyone. Merged and erased customers are nobody's
///         rung, but only `counted` can leave them out of the inactive (see segment/people.hpp).
/// Errors  InvalidArgument: sets of different numbers of customers.
/// Cost    One pass over their words, and a byte a customer. The same bits for any number of
///         threads.
absl::StatusOr<Technographics> technographics(const RungSets& active, const CustomerSet& counted);

}  // namespace grapevine
