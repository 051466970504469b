#include "kernels/listen/matched_people.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace grapevine {
namespace {

constexpr double kDeviations = 1.959963984540054;  // Of a normal number, in 95 % of cases.

using People = std::vector<std::uint32_t>;

double mean_of(const People& people, std::span<const double> numbers) {
  double sum = 0.0;
  for (const std::uint32_t person : people) sum += numbers[person];
  return sum / static_cast<double>(people.size());
}

// Precondition: two people at least.
double variance_of(const People& people, std::span<const double> numbers) {
  const double mean = mean_of(people, numbers);
  double squares = 0.0;
  for (const std::uint32_t person : people) {
    squares += (numbers[person] - mean) * (numbers[person] - mean);
  }
  return squares / static_cast<double>(people.size() - 1);
}

// Of all strata or of the matched ones, the people of one side.
People people_of(const MatchedPeople& people, People MatchedPeople::Stratum::*side, bool matched) {
  People all;
  for (const MatchedPeople::Stratum& stratum : people.strata) {
    if (matched && !stratum.is_matched()) continue;
    all.insert(all.end(), (stratum.*side).begin(), (stratum.*side).end());
  }
  return all;
}

double weighed_mean(const MatchedPeople& people, const People& of,
                    std::span<const double> numbers) {
  double sum = 0.0;
  double weights = 0.0;
  for (const std::uint32_t person : of) {
    sum += people.weights[person] * numbers[person];
    weights += people.weights[person];
  }
  return sum / weights;
}

}  // namespace

MatchedPeople match_exactly(std::span<const std::uint64_t> keys, std::span<const Arm> arms) {
  MatchedPeople people;
  people.weights.resize(keys.size());
  std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted;
  for (std::uint32_t person = 0; person < keys.size(); ++person) {
    if (arms[person] != Arm::None) sorted.emplace_back(keys[person], person);
  }
  std::ranges::sort(sorted);
  for (const auto& [key, person] : sorted) {
    if (people.strata.empty() || people.strata.back().key != key) {
      people.strata.push_back({key, {}, {}});
    }
    MatchedPeople::Stratum& stratum = people.strata.back();
    (arms[person] == Arm::Treated ? stratum.treated : stratum.controls).push_back(person);
  }
  for (const MatchedPeople::Stratum& stratum : people.strata) {
    if (!stratum.is_matched()) continue;
    ++people.matched_strata;
    people.treated += stratum.treated.size();
    people.controls += stratum.controls.size();
    const double of_control =
        static_cast<double>(stratum.treated.size()) / static_cast<double>(stratum.controls.size());
    for (const std::uint32_t person : stratum.treated) people.weights[person] = 1.0;
    for (const std::uint32_t person : stratum.controls) people.weights[person] = of_control;
  }
  return people;
}

std::optional<Effect> effect_on_treated(const MatchedPeople& people,
                                        std::span<const double> outcome) {
  if (people.treated == 0) return std::nullopt;
  Effect effect;
  const bool has_error = people.treated > 1 && people.controls > 1;
  double variance_alone_treated = 0.0;
  double variance_alone_control = 0.0;
  if (has_error) {
    using Stratum = MatchedPeople::Stratum;
    variance_alone_treated = variance_of(people_of(people, &Stratum::treated, true), outcome);
    variance_alone_control = variance_of(people_of(people, &Stratum::controls, true), outcome);
  }
  double variance = 0.0;
  for (const MatchedPeople::Stratum& stratum : people.strata) {
    if (!stratum.is_matched()) continue;
    const double weight =
        static_cast<double>(stratum.treated.size()) / static_cast<double>(people.treated);
    effect.treated_mean += weight * mean_of(stratum.treated, outcome);
    effect.control_mean += weight * mean_of(stratum.controls, outcome);
    if (!has_error) continue;
    const auto add = [&](const People& side, double alone) {
      const double of_one = side.size() > 1 ? variance_of(side, outcome) : alone;
      variance += weight * weight * of_one / static_cast<double>(side.size());
    };
    add(stratum.treated, variance_alone_treated);
    add(stratum.controls, variance_alone_control);
  }
  if (variance > 0.0) {
    effect.standard_error = std::sqrt(variance);
    effect.lower = effect.difference() - kDeviations * *effect.standard_error;
    effect.upper = effect.difference() + kDeviations * *effect.standard_error;
  }
  return effect;
}

Balance balance_of(const MatchedPeople& people, std::span<const double> covariate) {
  using Stratum = MatchedPeople::Stratum;
  const People treated = people_of(people, &Stratum::treated, false);
  const People controls = people_of(people, &Stratum::controls, false);
  Balance balance;
  if (treated.empty() || controls.empty()) return balance;
  balance.treated_before = mean_of(treated, covariate);
  balance.controls_before = mean_of(controls, covariate);
  if (people.treated != 0) {
    balance.treated_after =
        weighed_mean(people, people_of(people, &Stratum::treated, true), covariate);
    balance.controls_after =
        weighed_mean(people, people_of(people, &Stratum::controls, true), covariate);
  }
  if (treated.size() < 2 || controls.size() < 2) return balance;
  const double deviation =
      std::sqrt((variance_of(treated, covariate) + variance_of(controls, covariate)) / 2.0);
  if (deviation == 0.0) return balance;
  balance.difference_before = (balance.treated_before - balance.controls_before) / deviation;
  if (people.treated != 0) {
    balance.difference_after = (balance.treated_after - balance.controls_after) / deviation;
  }
  return balance;
}

}  // namespace grapevine
