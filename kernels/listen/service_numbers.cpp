#include "kernels/listen/service_numbers.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace grapevine {
namespace {

WaitNumbers measure(const std::vector<Wait>& waits, const KaplanMeier& curve) {
  WaitNumbers numbers;
  std::vector<TimeMs> ended;
  ended.reserve(waits.size());
  for (const Wait& wait : waits) {
    if (wait.ended) ended.push_back(wait.length);
  }
  std::ranges::sort(ended);
  numbers.ended = ended.size();
  numbers.waiting = waits.size() - ended.size();
  for (std::size_t i = 0; i < kServicePercents.size(); ++i) {
    if (!ended.empty()) {
      const std::size_t rank = (ended.size() * kServicePercents[i] + 99) / 100;  // From 1.
      numbers.of_ended[i] = ended[rank - 1];
    }
  }
  std::ranges::copy(curve.percentiles(kServicePercents), numbers.estimated.begin());
  return numbers;
}

Wait wait_until(TimeMs opened, TimeMs ended, TimeMs as_of) {
  return {(ended == kNotYet ? as_of : ended) - opened, ended != kNotYet};
}

}  // namespace

ServiceNumbers count_service(std::span<const ServiceCase* const> cases, TimeMs as_of,
                             std::optional<TimeMs> target) {
  ServiceNumbers numbers;
  std::vector<Wait> answers, resolutions;
  answers.reserve(cases.size());
  for (const ServiceCase* one : cases) {
    ++numbers.opened;
    numbers.tickets += one->is_ticket ? 1 : 0;
    ++numbers.by[static_cast<std::size_t>(one->by)];
    numbers.answered += one->answered != kNotYet ? 1 : 0;
    numbers.resolved += one->resolved != kNotYet ? 1 : 0;
    numbers.open += one->is_open() ? 1 : 0;
    numbers.reopened += one->is_again ? 1 : 0;
    answers.push_back(wait_until(one->opened, one->answered, as_of));
    if (one->is_ticket) resolutions.push_back(wait_until(one->opened, one->resolved, as_of));
    if (!target) continue;
    const Wait& wait = answers.back();
    numbers.within_target += wait.ended && wait.length <= *target ? 1 : 0;
    numbers.missed_target += wait.length > *target ? 1 : 0;
  }
  const KaplanMeier curve(answers);
  if (target) numbers.longer_than_target = curve.longer_than(*target);
  numbers.answer = measure(answers, curve);
  numbers.resolution = measure(resolutions, KaplanMeier(resolutions));
  return numbers;
}

}  // namespace grapevine
