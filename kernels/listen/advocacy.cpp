#include "kernels/listen/advocacy.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

#include "kernels/listen/lent_lags.hpp"
#include "kernels/listen/mood_lanes.hpp"

namespace grapevine {
namespace {

// The first complaint of everybody, by ascending person.
std::vector<ServiceCase> first_cases(std::span<const ServiceCase> cases) {
  std::vector<ServiceCase> sorted(cases.begin(), cases.end());
  const auto order =
      [](const ServiceCase& one) {  // Of a moment's complaints any order that is fixed.
        return std::tuple(index(one.person), one.opened, !one.is_ticket, one.answered,
                          one.resolved);
      };
  std::ranges::sort(sorted, {}, order);
  const auto rest = std::ranges::unique(sorted, {}, &ServiceCase::person);
  sorted.erase(rest.begin(), rest.end());
  return sorted;
}

// When a case was answered well, if at all.
TimeMs settled(const ServiceCase& one) {
  if (one.answered == kNotYet) return kNotYet;
  return one.is_ticket ? one.resolved : one.answered;
}

// Which side everybody is on.
std::vector<Arm> choose_arms(std::span<const ServiceCase> cases, const AdvocacyQuestion& question,
                             AdvocacyPeople& people) {
  std::vector<Arm> arms(cases.size(), Arm::None);
  const TimeMs as_of = question.as_of;
  people.people = cases.size();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const ServiceCase& one = cases[i];
    const TimeMs moment = settled(one);
    if (moment != kNotYet && question.target && moment - one.opened > *question.target) {
      ++people.late;
    } else if (moment != kNotYet && moment > as_of - question.after_ms) {
      ++people.too_recent;
    } else if (moment != kNotYet) {
      arms[i] = Arm::Treated;
      ++people.treated;
    } else if (one.answered != kNotYet && one.answered - one.opened <= kUnansweredMs) {
      ++people.unresolved;
    } else if (one.opened > as_of - std::max(kUnansweredMs, question.after_ms)) {
      ++people.too_recent;
    } else {
      arms[i] = Arm::Control;
      ++people.controls;
    }
  }
  return arms;
}

void leave_out_uncompared(std::vector<ServiceCase>& cases, std::vector<Arm>& arms) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (arms[i] == Arm::None) continue;
    cases[kept] = cases[i];
    arms[kept++] = arms[i];
  }
  cases.resize(kept);
  arms.resize(kept);
}

double mean_sentiment(const PriorActivity& prior) {
  if (prior.scored == 0) return 0.0;
  return static_cast<double>(prior.sentiment_sum) * 0x1p-32 / static_cast<double>(prior.scored);
}

// Covariates, coarsened, as the digits of a number.
std::uint64_t stratum_of(const ServiceCase& one, const PriorActivity& prior) {
  const auto of_two = [](std::uint32_t count) { return std::uint64_t(std::bit_width(count)); };
  const auto of_four = [&](std::uint32_t count) { return (of_two(count) + 1) / 2; };
  const double sentiment = mean_sentiment(prior);
  const std::uint64_t mood = prior.scored == 0         ? 0
                             : sentiment > kMoodScore  ? 1
                             : sentiment < -kMoodScore ? 2
                                                       : 3;
  std::uint64_t key = one.is_ticket ? 1 : 0;
  for (const std::uint64_t digit :
       {mood, of_two(prior.events), of_four(prior.events_30), of_four(prior.posts),
        of_four(prior.orders), of_two(prior.advocacies)}) {
    key = key << 6 | digit;
  }
  return key;
}

// Compares the sides, and leaves in `arms` and `people` whoever is fit.
class Comparison {
 public:
  Comparison(std::span<const ServiceCase> cases, const EpisodeActivity& activity,
             const AdvocacyQuestion& question)
      : cases_(cases), activity_(activity), question_(question) {}

  AdvocacyComparison compare(std::span<const std::uint64_t> keys, std::vector<Arm>& arms,
                             MatchedPeople& people) const {
    std::vector<TimeMs> lags(cases_.size(), 0);
    std::vector<CustomerId> numbers;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      numbers.push_back(cases_[i].person);
      if (arms[i] == Arm::Treated) lags[i] = settled(cases_[i]) - cases_[i].opened;
    }
    AdvocacyComparison comparison;
    people = match_exactly(keys, arms);
    lags = lend_lags(people, lags, numbers);
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      if (arms[i] != Arm::Control) continue;
      const TimeMs moment = cases_[i].opened + lags[i];
      if (cases_[i].answered > moment && moment <= question_.as_of - question_.after_ms) continue;
      arms[i] = Arm::None;
      ++comparison.unfit_controls;
    }
    people = match_exactly(keys, arms);
    std::vector<double> advocacies(cases_.size()), advocates(cases_.size());
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      if (people.weights[i] == 0.0) continue;
      const std::size_t count = activity_.count(i, cases_[i].opened + lags[i], question_.after_ms);
      advocacies[i] = static_cast<double>(count);
      advocates[i] = count > 0 ? 1.0 : 0.0;
    }
    comparison.treated = people.treated;
    comparison.controls = people.controls;
    comparison.strata = people.matched_strata;
    comparison.advocacies = effect_on_treated(people, advocacies);
    comparison.advocates = effect_on_treated(people, advocates);
    return comparison;
  }

 private:
  std::span<const ServiceCase> cases_;
  const EpisodeActivity& activity_;
  const AdvocacyQuestion& question_;
};

std::vector<CovariateBalance> find_balance(std::span<const ServiceCase> cases,
                                           std::span<const PriorActivity> prior,
                                           const MatchedPeople& people) {
  std::vector<CovariateBalance> balance;
  std::vector<double> values(cases.size());
  const auto add = [&](std::string_view name, const auto& value_of) {
    for (std::size_t i = 0; i < cases.size(); ++i) values[i] = value_of(i);
    balance.push_back({name, balance_of(people, values)});
  };
  const auto add_count = [&](std::string_view name, std::uint32_t PriorActivity::*count) {
    add(name, [&](std::size_t i) { return std::log1p(static_cast<double>(prior[i].*count)); });
  };
  add_count("log1p_events_90d", &PriorActivity::events);
  add_count("log1p_events_30d", &PriorActivity::events_30);
  add_count("log1p_posts_90d", &PriorActivity::posts);
  add_count("log1p_orders_90d", &PriorActivity::orders);
  add_count("log1p_advocacies_90d", &PriorActivity::advocacies);
  add("mean_sentiment_90d", [&](std::size_t i) { return mean_sentiment(prior[i]); });
  add("is_ticket", [&](std::size_t i) { return cases[i].is_ticket ? 1.0 : 0.0; });
  return balance;
}

}  // namespace

absl::StatusOr<Advocacy> compare_advocacy(const Snapshot& snapshot,
                                          std::span<const ServiceCase> cases,
                                          const AdvocacyQuestion& question, const Stop& stop) {
  Advocacy answer;
  std::vector<ServiceCase> firsts = first_cases(cases);
  std::vector<Arm> arms = choose_arms(firsts, question, answer.people);
  leave_out_uncompared(firsts, arms);
  std::vector<Episode> episodes;
  episodes.reserve(firsts.size());
  for (const ServiceCase& one : firsts) episodes.push_back({one.person, one.opened});
  const absl::StatusOr<EpisodeActivity> activity =
      read_episode_activity(snapshot, episodes, question.about, question.as_of + 1, stop);
  if (!activity.ok()) return activity.status();

  std::vector<std::uint64_t> keys(firsts.size(), 0);
  const Comparison comparison(firsts, *activity, question);
  MatchedPeople people;
  std::vector<Arm> fit = arms;
  answer.naive = comparison.compare(keys, fit, people);
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    keys[i] = stratum_of(firsts[i], activity->prior[i]);
  }
  fit = arms;
  answer.matched = comparison.compare(keys, fit, people);
  answer.balance = find_balance(firsts, activity->prior, people);
  if (stop.requested()) return absl::CancelledError("stopped while comparing advocacy");
  return answer;
}

}  // namespace grapevine
