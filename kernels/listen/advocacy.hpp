#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/listen/episode_activity.hpp"
#include "kernels/listen/matched_people.hpp"
#include "kernels/listen/service_case.hpp"

namespace grapevine {

/// Whether those who complained and were answered well spoke well of a brand afterwards, more than
/// they would have, had nobody answered.
struct AdvocacyQuestion {
  TimeMs as_of = 0;                   ///< What comes after it is not known.
  TimeMs after_ms = 0;                ///< How long one looks on.
  std::optional<TimeMs> target = {};  ///< Answered well: within this time from the complaint.
  std::vector<GroupDimension> about;  ///< What advocacy is of: see read_episode_activity.
};

/// Who is compared, and who is not. Each person is in one of these.
struct AdvocacyPeople {
  std::uint64_t people = 0;      ///< With a complaint.
  std::uint64_t treated = 0;     ///< Answered and resolved in time.
  std::uint64_t controls = 0;    ///< Not answered within kUnansweredMs.
  std::uint64_t late = 0;        ///< Answered and resolved after the target.
  std::uint64_t unresolved = 0;  ///< Answered, and not resolved.
  std::uint64_t too_recent = 0;  ///< What came of it or after it is not known yet.
};

/// Two sides that are compared in the number of advocacies and the share of people with one at
/// least.
struct AdvocacyComparison {
  std::uint64_t treated = 0;
  std::uint64_t controls = 0;
  std::uint64_t strata = 0;
  /// Controls left out because they were answered at the lent moment, or it lies too late to look
  /// on.
  std::uint64_t unfit_controls = 0;
  std::optional<Effect> advocacies = {};
  std::optional<Effect> advocates = {};
};

struct CovariateBalance {
  std::string_view covariate;
  Balance balance;
};

struct Advocacy {
  AdvocacyPeople people;
  AdvocacyComparison matched;
  AdvocacyComparison naive;  ///< The same, as if everybody were in one stratum.
  std::vector<CovariateBalance> balance;
};

inline constexpr TimeMs kUnansweredMs = TimeMs{30} * 24 * 3'600'000;

/// Compares people by their first complaint. A treated person is looked at from its resolution on
/// (of a post: its answer), not from the complaint: until then they could not have been answered
/// well, so time before it would be counted for whoever waits (immortal time). A control is looked
/// at from its complaint plus a lag that lend_lags takes from a treated one of its stratum, and
/// must be unanswered still. Both sides must be seen for the whole of `after_ms`.
///
/// Strata are of what people did in the 90 days before the complaint: events, events of the last 30
/// days, posts, orders, advocacies, mean sentiment, and the complaint's kind, all coarsened: counts
/// to powers of 2 or of 4, sentiment to moods. Nothing after the complaint is used.
///
/// Errors  Cancelled: `stop` was requested.
/// Cost    read_episode_activity, and O(n log n). The same bits for any number of threads and any
///         order of cases.
/// Source  Suissa, American Journal of Epidemiology 167 (2008) 492-499: immortal time; and those of
///         matched_people.hpp.
absl::StatusOr<Advocacy> compare_advocacy(const Snapshot& snapshot,
                                          std::span<const ServiceCase> cases,
                                          const AdvocacyQuestion& question, const Stop& stop);

}  // namespace grapevine
