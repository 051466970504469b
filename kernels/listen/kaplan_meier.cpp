#include "kernels/listen/kaplan_meier.hpp"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

constexpr double kDeviations = 1.959963984540054;  // Of a normal number, in 95 % of cases.
constexpr double kSlack = 1e-12;                   // What rounding may have added to a share.

Survival survival_at(const KaplanMeier::Step& step) {
  Survival survival{.share = step.share};
  if (step.share <= 0.0) return survival;
  survival.standard_error = step.share * std::sqrt(step.greenwood);
  const double logarithm = std::log(step.share);
  if (logarithm >= 0.0) return survival;
  const double spread = std::exp(kDeviations * std::sqrt(step.greenwood) / -logarithm);
  survival.lower = std::exp(logarithm * spread);
  survival.upper = std::exp(logarithm / spread);
  return survival;
}

}  // namespace

KaplanMeier::KaplanMeier(std::vector<Wait> waits) : waits_(waits.size()) {
  if (waits.empty()) return;
  std::ranges::sort(waits, {}, &Wait::length);
  longest_ = waits.back().length;
  // The share is a quotient of whole numbers as long as nobody is lost on the way: products of many
  // quotients would round the more often.
  double share_before = 1.0;
  std::uint64_t began = waits.size();  // At risk when somebody was last lost.
  double greenwood = 0.0;
  for (std::size_t begin = 0, end = 0; begin < waits.size(); begin = end) {
    std::uint64_t ended = 0;
    for (end = begin; end < waits.size() && waits[end].length == waits[begin].length; ++end) {
      ended += waits[end].ended ? 1 : 0;
    }
    const std::uint64_t at_risk = waits.size() - begin;
    const std::uint64_t left = at_risk - ended;
    const double share = share_before * (static_cast<double>(left) / static_cast<double>(began));
    if (ended != 0) {
      greenwood +=
          static_cast<double>(ended) / (static_cast<double>(at_risk) * static_cast<double>(left));
      steps_.push_back({waits[begin].length, at_risk, ended, share, greenwood});
    }
    if (ended != end - begin) {
      share_before = share;
      began = waits.size() - end;
    }
  }
}

std::optional<Survival> KaplanMeier::longer_than(TimeMs length) const {
  if (waits_ == 0) return std::nullopt;
  const auto after = std::ranges::upper_bound(steps_, length, {}, &Step::length);
  const Survival survival = after == steps_.begin() ? Survival{} : survival_at(*std::prev(after));
  if (length > longest_ && survival.share > 0.0) return std::nullopt;
  return survival;
}

std::vector<WaitPercentile> KaplanMeier::percentiles(std::span<const unsigned> percents) const {
  std::vector<WaitPercentile> found(percents.size());
  std::size_t missing = percents.size();  // Percentiles whose interval has no end yet.
  for (auto step = steps_.begin(); step != steps_.end() && missing != 0; ++step) {
    const Survival survival = survival_at(*step);
    for (std::size_t i = 0; i < percents.size(); ++i) {
      const double left = (1.0 - static_cast<double>(percents[i]) / 100.0) * (1.0 + kSlack);
      const auto note = [&](std::optional<TimeMs>& length, double share) {
        if (!length && share <= left) length = step->length;
      };
      note(found[i].lower, survival.lower.value_or(survival.share));
      note(found[i].value, survival.share);
      if (found[i].upper) continue;
      note(found[i].upper, survival.upper.value_or(1.0));
      missing -= found[i].upper ? 1 : 0;
    }
  }
  return found;
}

}  // namespace grapevine
