#include "kernels/listen/kaplan_meier_reference.hpp"

#include <algorithm>
#include <map>

namespace grapevine {

std::vector<KaplanMeier::Step> kaplan_meier_reference(std::span<const Wait> waits) {
  std::vector<Wait> sorted(waits.begin(), waits.end());
  // Of the same length, those that ended come first: the others were looked on that long at least.
  std::ranges::stable_sort(sorted, [](const Wait& a, const Wait& b) {
    return a.length != b.length ? a.length < b.length : a.ended && !b.ended;
  });
  std::vector<double> mass(sorted.size(), 1.0 / static_cast<double>(sorted.size()));
  std::map<TimeMs, double> ended_mass;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i].ended) {
      ended_mass[sorted[i].length] += mass[i];
      continue;
    }
    for (std::size_t j = i + 1; j < sorted.size(); ++j) {
      mass[j] += mass[i] / static_cast<double>(sorted.size() - i - 1);
    }
  }
  std::vector<KaplanMeier::Step> steps;
  double gone = 0.0;
  for (const auto& [length, of_length] : ended_mass) {
    gone += of_length;
    KaplanMeier::Step step{.length = length, .share = 1.0 - gone};
    for (const auto& [earlier, unused] : ended_mass) {
      if (earlier > length) break;
      const auto at_risk =
          std::ranges::count_if(sorted, [&](const Wait& wait) { return wait.length >= earlier; });
      const auto ended = std::ranges::count_if(
          sorted, [&](const Wait& wait) { return wait.length == earlier && wait.ended; });
      step.at_risk = static_cast<std::uint64_t>(at_risk);
      step.ended = static_cast<std::uint64_t>(ended);
      step.greenwood += static_cast<double>(ended) / static_cast<double>(at_risk) /
                        static_cast<double>(at_risk - ended);
    }
    steps.push_back(step);
  }
  return steps;
}

}  // namespace grapevine
