#include "kernels/listen/lent_lags.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "kernels/propagation/chance.hpp"

namespace grapevine {

std::vector<TimeMs> lend_lags(const MatchedPeople& people, std::span<const TimeMs> lags,
                              std::span<const CustomerId> numbers) {
  std::vector<TimeMs> lent(lags.begin(), lags.end());
  std::vector<TimeMs> of_treated;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> controls;
  for (const MatchedPeople::Stratum& stratum : people.strata) {
    if (!stratum.is_matched()) continue;
    of_treated.clear();
    for (const std::uint32_t person : stratum.treated) of_treated.push_back(lags[person]);
    std::ranges::sort(of_treated);
    controls.clear();
    for (const std::uint32_t person : stratum.controls) {
      controls.emplace_back(scramble(index(numbers[person])), person);
    }
    std::ranges::sort(controls);
    for (std::size_t k = 0; k < controls.size(); ++k) {
      const std::size_t place = (2 * k + 1) * of_treated.size() / (2 * controls.size());
      lent[controls[k].second] = of_treated[place];
    }
  }
  return lent;
}

}  // namespace grapevine
