#include "kernels/listen/seismic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace grapevine {
namespace {

// The window's weight of a time is 1 at its end and 0 at its begin.
struct Window {
  double begin = 0.0, length = 0.0;
};

// The integral, over the window, of its weights times the density of reactions to a share at `time`.
double weighted_reaction(const ReactionTime& reaction, double time, const Window& window,
                         double now) {
  // Of the delay x: the weight is at_once + x / length.
  const double at_once = 1.0 - (now - time) / window.length;
  const double first = std::max(0.0, window.begin - time), last = now - time;
  double sum = 0.0;
  if (first < reaction.knee) {
    const double end = std::min(last, reaction.knee);
    sum += reaction.density *
           (at_once * (end - first) + (end - first) * (end + first) / (2.0 * window.length));
  }
  if (last > reaction.knee) {
    const double begin = std::max(first, reaction.knee);
    const double power = reaction.exponent;
    const double scale = reaction.density * std::pow(reaction.knee, 1.0 + power);
    sum += scale * (at_once * (std::pow(begin, -power) - std::pow(last, -power)) / power +
                    (std::pow(last, 1.0 - power) - std::pow(begin, 1.0 - power)) /
                        ((1.0 - power) * window.length));
  }
  return sum;
}

// Half the age, within bounds; over the last `shares_min` shares and one where that holds too few.
Window choose_window(std::span<const Share> before, double now, const SeismicOptions& options) {
  Window window;
  window.length = std::clamp(now / 2.0, options.window_min, options.window_max);
  window.begin = now - window.length;
  const auto inside =
      static_cast<std::size_t>(std::count_if(before.begin(), before.end(), [&](const Share& share) {
        return share.time >= window.begin;
      }));
  if (inside < options.shares_min) {
    const std::size_t last = options.shares_min + 1;
    window.begin = before[before.size() > last ? before.size() - last : 0].time;
    window.length = now - window.begin;
  }
  return window;
}

// As many standard deviations above the mean as i of n equally likely values of a normal.
constexpr std::size_t kQuantiles = 48;
const std::array<double, kQuantiles>& normal_quantiles() {
  static const std::array<double, kQuantiles> kValues = [] {
    std::array<double, kQuantiles> values{};
    for (std::size_t i = 0; i < kQuantiles; ++i) {
      const double below = (static_cast<double>(i) + 0.5) / kQuantiles;
      double low = -10.0, high = 10.0;
      for (int step = 0; step < 80; ++step) {
        const double middle = (low + high) / 2.0;
        (std::erfc(-middle / std::sqrt(2.0)) / 2.0 < below ? low : high) = middle;
      }
      values[i] = low;
    }
    return values;
  }();
  return kValues;
}

// Wilson & Hilferty: the cube root of a gamma is nearly normal.
double gamma_quantile(double shape, double scale, double normal) {
  const double root = 1.0 - 1.0 / (9.0 * shape) + normal / (3.0 * std::sqrt(shape));
  return root <= 0.0 ? 0.0 : shape * scale * root * root * root;
}

struct Estimate {
  double infectiousness = 0.0;
  double events = 0.0;    // Weighed equally, that would say as much,
  double exposure = 0.0;  // among as many reactions, had everybody reacted.
};

Estimate estimate_infectiousness(std::span<const Share> seen, const Window& window, double now,
                                 const ReactionTime& reaction) {
  double weights = 0.0, squares = 0.0, reactions = 0.0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Share& share = seen[i];
    reactions += share.listeners * weighted_reaction(reaction, share.time, window, now);
    if (i == 0 || share.time < window.begin || share.time >= now) continue;
    const double weight = 1.0 - (now - share.time) / window.length;
    weights += weight;
    squares += weight * weight;
  }
  // Weights that fall to 0 are worth 3 / 2 of their sum where events are spread evenly.
  const double worth = squares > 0.0 ? weights / squares : 1.5;
  return {weights / reactions, weights * worth, reactions * worth};
}

// How many reactions to all shares lie in [begin, end), had everybody reacted.
double reactions_within(std::span<const Share> shares, double begin, double end,
                        const ReactionTime& reaction) {
  double sum = 0.0;
  for (const Share& share : shares) {
    if (share.time >= end) break;
    sum += share.listeners *
           (reaction.later_than(begin - share.time) - reaction.later_than(end - share.time));
  }
  return sum;
}

// Twice the logarithm of how much better two infectiousnesses explain what came before and after a
// moment than one: of a chi-squared distribution with one degree of freedom if it was one.
struct Counted {
  double shares, reactions;
};
double evidence_of_change(const Counted& before, const Counted& after) {
  const double rate = (before.shares + after.shares) / (before.reactions + after.reactions);
  if (!(rate > 0.0)) return 0.0;
  const auto part = [&](const Counted& some) {
    return some.shares > 0.0 ? some.shares * std::log(some.shares / (rate * some.reactions)) : 0.0;
  };
  return 2.0 * (part(before) + part(after));
}

// The longest window up to now, of the whole age or a half, a quarter, ... of it, whose halves do not
// differ in infectiousness. A cascade that is over is judged by its silence, not by its outbreak.
Window choose_steady_window(std::span<const Share> seen, double now, const ReactionTime& reaction) {
  constexpr double kOneInHundred = 6.635;  // Of chi-squared.
  constexpr int kHalvingsMax = 20;
  const auto others = seen.subspan(1);
  const auto count_within = [&](double begin, double end) {
    const auto is_before = [](const Share& share, double time) { return share.time < time; };
    const Share* shares = others.data();
    const Share* last = shares + others.size();
    return static_cast<double>(std::lower_bound(shares, last, end, is_before) -
                               std::lower_bound(shares, last, begin, is_before));
  };
  double begin = 0.0;
  for (int i = 0; i < kHalvingsMax; ++i) {
    const double middle = begin + (now - begin) / 2.0;
    const Counted before{count_within(begin, middle),
                         reactions_within(seen, begin, middle, reaction)};
    const Counted after{count_within(middle, now), reactions_within(seen, middle, now, reaction)};
    if (!(after.reactions > 0.0)) break;
    if (evidence_of_change(before, after) <= kOneInHundred) break;
    begin = middle;
  }
  return {begin, now - begin};
}

double variance_of_listeners(std::span<const Share> shares) {
  double mean = 0.0, sum = 0.0;
  for (const Share& share : shares) mean += share.listeners;
  mean /= static_cast<double>(shares.size());
  for (const Share& share : shares) {
    sum += (share.listeners - mean) * (share.listeners - mean);
  }
  return sum / static_cast<double>(shares.size());
}

void add_interval(const Estimate& estimate, double unsettled, double variance,
                  const SeismicOptions& options, SeismicForecast& forecast) {
  std::vector<double> sizes;
  sizes.reserve(kQuantiles * kQuantiles);
  const double shape = estimate.events + 0.5;  // Jeffreys' prior of a rate.
  for (const double normal : normal_quantiles()) {
    const double p = gamma_quantile(shape, 1.0 / estimate.exposure, normal);
    const double children = p * options.mean_listeners;
    if (children >= 1.0) {
      sizes.insert(sizes.end(), kQuantiles, std::numeric_limits<double>::infinity());
      continue;
    }
    const double mean = p * unsettled / (1.0 - children);
    const double spread = mean * (1.0 + p * p * variance) / ((1.0 - children) * (1.0 - children));
    for (const double of_size : normal_quantiles()) {
      sizes.push_back(mean <= 0.0 ? 0.0
                                  : gamma_quantile(mean * mean / spread, spread / mean, of_size));
    }
  }
  std::sort(sizes.begin(), sizes.end());
  const auto quantile = [&](double share) {
    const auto place = static_cast<std::size_t>(share * static_cast<double>(sizes.size()));
    return sizes[std::min(place, sizes.size() - 1)];
  };
  const auto so_far = static_cast<double>(forecast.shares);
  const double low = quantile((1.0 - options.confidence) / 2.0);
  const double high = quantile((1.0 + options.confidence) / 2.0);
  if (std::isfinite(low)) forecast.lower = so_far + std::floor(low);
  if (std::isfinite(high) && !forecast.supercritical) forecast.upper = so_far + std::ceil(high);
  if (!forecast.expected) return;
  const double below = std::floor(*forecast.expected), above = std::ceil(*forecast.expected);
  forecast.lower = std::min(forecast.lower.value_or(below), below);
  if (forecast.upper) forecast.upper = std::max(*forecast.upper, above);
}

absl::Status check(std::span<const Share> shares, double now, const SeismicOptions& options) {
  if (shares.empty() || shares.front().time != 0.0) {
    return absl::InvalidArgumentError("the first share is the content itself, at 0");
  }
  for (std::size_t i = 1; i < shares.size(); ++i) {
    if (!(shares[i].time >= shares[i - 1].time)) {
      return absl::InvalidArgumentError("shares stand by rising time");
    }
  }
  const bool are_people = std::all_of(shares.begin(), shares.end(), [](const Share& share) {
    return share.listeners >= 0.0 && std::isfinite(share.listeners);
  });
  if (!are_people) return absl::InvalidArgumentError("listeners are a number from 0 on");
  if (!(now > 0.0) || !std::isfinite(now)) {
    return absl::InvalidArgumentError("a forecast is made after the content was published");
  }
  const bool valid = options.mean_listeners >= 0.0 && std::isfinite(options.mean_listeners) &&
                     options.window_min > 0.0 && options.window_max >= options.window_min &&
                     options.confidence > 0.0 && options.confidence < 1.0;
  return valid ? absl::OkStatus() : absl::InvalidArgumentError("an option is outside its range");
}

}  // namespace

double ReactionTime::later_than(double seconds) const {
  if (seconds <= knee) return 1.0 - density * std::max(seconds, 0.0);
  return density * std::pow(knee, 1.0 + exponent) / exponent * std::pow(seconds, -exponent);
}

absl::StatusOr<SeismicForecast> forecast_shares(std::span<const Share> shares, double now,
                                                const SeismicOptions& options) {
  if (absl::Status valid = check(shares, now, options); !valid.ok()) return valid;
  const auto is_before = [](const Share& share, double time) { return share.time < time; };
  const auto is_behind = [](double time, const Share& share) { return time < share.time; };
  const auto seen = shares.first(static_cast<std::size_t>(
      std::upper_bound(shares.begin(), shares.end(), now, is_behind) - shares.begin()));
  const auto before = seen.first(static_cast<std::size_t>(
      std::lower_bound(seen.begin(), seen.end(), now, is_before) - seen.begin()));

  const Window window = choose_window(before, now, options);
  const Estimate estimate = estimate_infectiousness(seen, window, now, options.reaction);
  double unsettled = 0.0;
  for (const Share& share : seen) {
    unsettled += share.listeners * options.reaction.later_than(now - share.time);
  }

  SeismicForecast forecast;
  forecast.shares = seen.size() - 1;
  if (!(estimate.exposure > 0.0)) return forecast;
  forecast.infectiousness = estimate.infectiousness;
  const double children = estimate.infectiousness * options.mean_listeners;
  forecast.supercritical = children >= 1.0;
  if (!forecast.supercritical) {
    forecast.expected = static_cast<double>(forecast.shares) +
                        estimate.infectiousness * unsettled / (1.0 - children);
  }
  if (!options.interval) return forecast;
  const Window steady = choose_steady_window(seen, now, options.reaction);
  add_interval(estimate_infectiousness(seen, steady, now, options.reaction), unsettled,
               variance_of_listeners(seen), options, forecast);
  return forecast;
}

}  // namespace grapevine
