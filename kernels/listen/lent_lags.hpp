#pragma once

#include <span>
#include <vector>

#include "kernels/listen/matched_people.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Lends every control of a matched stratum the lag of a treated person of it, so that both sides
/// have waited equally long when one begins to look. Whose lag is an order by hashed number: of c
/// controls the k-th has the lag at place (k + 1/2) / c of the treated in order of lags, so that
/// the lent lags are spread as the treated ones are.
///
/// Shapes  lags: by person, of the treated ones; numbers: by person, different. Result: by person;
///         what others than matched controls have is their own.
/// Cost    O(n log n).
std::vector<TimeMs> lend_lags(const MatchedPeople& people, std::span<const TimeMs> lags,
                              std::span<const CustomerId> numbers);

}  // namespace grapevine
