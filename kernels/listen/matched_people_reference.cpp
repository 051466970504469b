#include "kernels/listen/matched_people_reference.hpp"

#include <cmath>
#include <vector>

namespace grapevine {
namespace {

// Sums of some people's outcomes.
struct Moments {
  double count = 0.0;
  double sum = 0.0;
  double squares = 0.0;

  void add(double outcome) {
    count += 1.0;
    sum += outcome;
    squares += outcome * outcome;
  }
  [[nodiscard]] double mean() const { return sum / count; }
  [[nodiscard]] double variance() const { return (squares - sum * sum / count) / (count - 1.0); }
};

}  // namespace

std::optional<Effect> effect_on_treated_reference(std::span<const std::uint64_t> keys,
                                                  std::span<const Arm> arms,
                                                  std::span<const double> outcome) {
  const auto like = [&](std::size_t person, Arm arm) {
    Moments moments;
    for (std::size_t other = 0; other < keys.size(); ++other) {
      if (keys[other] == keys[person] && arms[other] == arm) moments.add(outcome[other]);
    }
    return moments;
  };
  std::vector<Moments> treated_like(keys.size()), controls_like(keys.size());
  Moments treated, controls;
  double control_mean = 0.0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (arms[i] == Arm::None) continue;
    treated_like[i] = like(i, Arm::Treated);
    controls_like[i] = like(i, Arm::Control);
    if (treated_like[i].count == 0.0 || controls_like[i].count == 0.0) continue;
    (arms[i] == Arm::Treated ? treated : controls).add(outcome[i]);
    if (arms[i] == Arm::Treated) control_mean += controls_like[i].mean();
  }
  if (treated.count == 0.0) return std::nullopt;
  Effect effect{.treated_mean = treated.mean(), .control_mean = control_mean / treated.count};
  if (treated.count < 2.0 || controls.count < 2.0) return effect;
  double variance = 0.0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Moments& same = arms[i] == Arm::Treated ? treated_like[i] : controls_like[i];
    if (treated_like[i].count == 0.0 || controls_like[i].count == 0.0) continue;
    const double of_one = same.count > 1.0          ? same.variance()
                          : arms[i] == Arm::Treated ? treated.variance()
                                                    : controls.variance();
    const double factor = treated_like[i].count / same.count / treated.count;
    variance += factor * factor * of_one;
  }
  if (variance > 0.0) {
    effect.standard_error = std::sqrt(variance);
    effect.lower = effect.difference() - 1.959963984540054 * *effect.standard_error;
    effect.upper = effect.difference() + 1.959963984540054 * *effect.standard_error;
  }
  return effect;
}

}  // namespace grapevine
