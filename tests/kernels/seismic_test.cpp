#include "kernels/listen/seismic.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

constexpr double kHour = 3600.0;

double density_of(double delay) {
  if (delay < 0.0) return 0.0;
  return delay < 300.0 ? 0.0006265725 : 0.0006265725 * std::pow(delay / 300.0, -1.2314843);
}

// Simpson's rule, in pieces that have no corner within.
template <typename F>
double integrate(double from, double to, const F& f) {
  constexpr int kSteps = 2000;
  const double h = (to - from) / kSteps;
  double sum = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    const double a = from + i * h;
    sum += h / 6.0 * (f(a + h * 1e-12) + 4.0 * f(a + h / 2) + f(a + h * (1.0 - 1e-12)));
  }
  return sum;
}

// The estimate and the forecast by their definitions, integrals by numbers.
struct Plain {
  double infectiousness = 0.0, expected = 0.0;

  Plain(const std::vector<Share>& shares, double now, double mean_listeners) {
    double length = std::min(std::max(now / 2.0, 300.0), 7200.0);
    std::vector<double> before;
    for (const Share& share : shares) {
      if (share.time < now) before.push_back(share.time);
    }
    const auto inside = std::count_if(before.begin(), before.end(),
                                      [&](double time) { return time >= now - length; });
    if (inside < 5) length = now - before[before.size() > 6 ? before.size() - 6 : 0];
    const auto weight = [&](double time) { return 1.0 - (now - time) / length; };
    double count = 0.0, exposed = 0.0, rest = 0.0, so_far = -1.0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const auto [time, listeners] = shares[i];
      if (time <= now) so_far += 1.0;
      if (i > 0 && time < now && time >= now - length) count += weight(time);
      if (time > now) continue;
      const double begin = std::max(time, now - length);
      const double knee = std::clamp(time + 300.0, begin, now);
      const auto f = [&, time = time](double at) { return density_of(at - time) * weight(at); };
      exposed += listeners * integrate(begin, knee, f);
      if (knee < now) {  // Far from the knee the density falls slowly: by the delay's logarithm.
        exposed += listeners * integrate(std::log(knee - time), std::log(now - time),
                                         [&, time = time](double x) {
                                           return f(time + std::exp(x)) * std::exp(x);
                                         });
      }
      const double age = now - time;
      const double by_now =
          integrate(0.0, std::min(age, 300.0), density_of) +
          (age > 300.0 ? integrate(std::log(300.0), std::log(age),
                                   [](double x) { return density_of(std::exp(x)) * std::exp(x); })
                       : 0.0);
      rest += listeners * (1.0 - by_now);
    }
    infectiousness = count / exposed;
    expected = so_far + infectiousness * rest / (1.0 - infectiousness * mean_listeners);
  }
};

// A cascade of known parameters: everyone who shares makes a Poisson number of others share.
struct Cascade {
  std::vector<Share> shares;
  bool is_whole = true;  // Else it grew beyond a limit.

  // `halved_in`: seconds in which the infectiousness falls by half; infinity: it stays.
  Cascade(double p, double sigma, double first, std::uint64_t seed, double halved_in = HUGE_VAL,
          std::size_t most = 200'000) {
    std::mt19937_64 draw(seed);
    std::uniform_real_distribution<double> uniform(1e-12, 1.0);
    // Listeners of mean 100.
    std::lognormal_distribution<double> listeners(std::log(100.0) - sigma * sigma / 2.0, sigma);
    shares.push_back({0.0, first});
    for (std::size_t i = 0; i < shares.size() && is_whole; ++i) {
      const Share share = shares[i];
      if (share.listeners <= 0.0) continue;
      std::poisson_distribution<int> children(p * share.listeners);
      for (int n = children(draw); n > 0; --n) {
        const double left = uniform(draw);  // The share of people who take longer.
        const double knee_left = 1.0 - 300.0 * 0.0006265725;
        const double delay =
            left > knee_left
                ? (1.0 - left) / 0.0006265725
                : 300.0 * std::pow(300.0 * 0.0006265725 / (0.2314843 * left), 1.0 / 0.2314843);
        const double time = share.time + delay;
        if (std::isfinite(halved_in) && uniform(draw) > std::exp2(-time / halved_in)) continue;
        shares.push_back({time, std::floor(listeners(draw))});
      }
      is_whole = shares.size() < most;
    }
    std::sort(shares.begin(), shares.end(),
              [](const Share& a, const Share& b) { return a.time < b.time; });
  }
};

TEST(Seismic, AgreesWithIntegralsByNumbers) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    const Cascade cascade(0.008, 1.0, 3000.0, seed);
    for (const double now :
         {30.0, 120.0, 299.0, 300.0, 301.0, 600.0, kHour, 5 * kHour, 50 * kHour, 1000 * kHour}) {
      SCOPED_TRACE(testing::Message() << "seed=" << seed << " now=" << now);
      const auto found = forecast_shares(cascade.shares, now, {.mean_listeners = 60.0});
      ASSERT_TRUE(found.ok()) << found.status();
      const Plain plain(cascade.shares, now, 60.0);
      EXPECT_NEAR(found->infectiousness, plain.infectiousness, 1e-6 * plain.infectiousness);
      if (plain.infectiousness * 60.0 >= 1.0) {
        EXPECT_TRUE(found->supercritical);
        EXPECT_FALSE(found->expected);
      } else {
        EXPECT_NEAR(found->expected.value_or(0.0), plain.expected, 1e-5 * plain.expected);
      }
    }
  }
}

TEST(Seismic, ByHand) {
  // Nobody took it on: nothing to come but what the interval leaves open.
  const std::vector<Share> alone{{0.0, 1000.0}};
  const auto quiet = forecast_shares(alone, 600.0).value();
  EXPECT_EQ(quiet.shares, 0U);
  EXPECT_EQ(quiet.infectiousness, 0.0);
  EXPECT_EQ(quiet.expected, 0.0);
  EXPECT_FALSE(quiet.supercritical);
  EXPECT_EQ(quiet.lower, 0.0);
  // One of 1000 listeners after a minute; the window is the whole age of 2 minutes, of which the
  // share has half the weight, and the integral of the author's is c t / 2.
  const std::vector<Share> one{{0.0, 1000.0}, {60.0, 0.0}};
  const auto first = forecast_shares(one, 120.0).value();
  const double p = 0.5 / (1000.0 * 0.0006265725 * 60.0);
  EXPECT_NEAR(first.infectiousness, p, 1e-12);
  EXPECT_TRUE(first.supercritical);  // 1.33 others each, if people have 100 listeners.
  EXPECT_FALSE(first.expected);
  EXPECT_FALSE(first.upper);
  const auto few = forecast_shares(one, 120.0, {.mean_listeners = 10.0}).value();
  EXPECT_NEAR(*few.expected, 1.0 + p * 1000.0 * (1.0 - 0.0006265725 * 120.0) / (1.0 - 10.0 * p),
              1e-9);
  EXPECT_LE(*few.lower, *few.expected);
  // Nobody listens to whoever shared: nothing is known.
  const std::vector<Share> unheard{{0.0, 0.0}, {60.0, 0.0}};
  const auto unknown = forecast_shares(unheard, 120.0).value();
  EXPECT_EQ(unknown.shares, 1U);
  EXPECT_FALSE(unknown.expected || unknown.lower || unknown.upper || unknown.supercritical);
}

TEST(Seismic, SharesOfTheFutureAreNotKnown) {
  const Cascade cascade(0.008, 1.0, 3000.0, 9);
  std::vector<Share> known = cascade.shares;
  known.erase(std::remove_if(known.begin(), known.end(),
                             [](const Share& share) { return share.time > kHour; }),
              known.end());
  const auto all = forecast_shares(cascade.shares, kHour).value();
  const auto some = forecast_shares(known, kHour).value();
  EXPECT_EQ(all.infectiousness, some.infectiousness);
  EXPECT_EQ(all.expected, some.expected);
  EXPECT_EQ(all.lower, some.lower);
  EXPECT_EQ(all.upper, some.upper);
}

TEST(Seismic, ExpectsTheSameWithoutAnInterval) {
  const std::vector<Share> shares{{0, 500}, {30, 80}, {60, 120}, {200, 10}, {400, 90}, {900, 40}};
  SeismicOptions plain;
  plain.interval = false;
  const auto with = forecast_shares(shares, 3600), without = forecast_shares(shares, 3600, plain);
  ASSERT_TRUE(with.ok() && without.ok());
  EXPECT_EQ(with->expected, without->expected);
  EXPECT_EQ(with->supercritical, without->supercritical);
  EXPECT_TRUE(with->lower.has_value());
  EXPECT_FALSE(without->lower || without->upper);
}

TEST(Seismic, RefusesWhatIsNoCascade) {
  const std::vector<Share> good{{0.0, 1.0}, {5.0, 1.0}};
  const std::vector<Share> late{{1.0, 1.0}}, falling{{0.0, 1.0}, {5.0, 1.0}, {4.0, 1.0}};
  const std::vector<Share> negative{{0.0, -1.0}}, nan{{0.0, 1.0}, {std::nan(""), 1.0}};
  for (const auto& shares : {std::vector<Share>{}, late, falling, negative, nan}) {
    EXPECT_EQ(forecast_shares(shares, 10.0).status().code(), absl::StatusCode::kInvalidArgument);
  }
  for (const double now : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    EXPECT_EQ(forecast_shares(good, now).status().code(), absl::StatusCode::kInvalidArgument);
  }
  for (const SeismicOptions& options :
       {SeismicOptions{.mean_listeners = -1.0}, SeismicOptions{.window_min = 0.0},
        SeismicOptions{.window_max = 1.0}, SeismicOptions{.confidence = 1.0}}) {
    EXPECT_EQ(forecast_shares(good, 10.0, options).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

struct Quality {
  double error = 0.0;     // Median, relative.
  double coverage = 0.0;  // Of the 90 % interval.
  int forecasts = 0, unbounded = 0;
};

Quality judge(double p, double sigma, double now, double halved_in = HUGE_VAL) {
  std::vector<double> errors;
  Quality quality;
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const Cascade cascade(p, sigma, 5000.0, seed, halved_in);
    if (!cascade.is_whole) continue;
    const auto found = forecast_shares(cascade.shares, now).value();
    const auto size = static_cast<double>(cascade.shares.size() - 1);
    ++quality.forecasts;
    quality.unbounded += static_cast<int>(!found.upper);
    covered += static_cast<int>(found.lower.value_or(size + 1) <= size &&
                                found.upper.value_or(size) >= size);
    errors.push_back(found.expected ? std::abs(*found.expected - size) / size : 1.0);
  }
  std::nth_element(errors.begin(), errors.begin() + std::ssize(errors) / 2, errors.end());
  quality.error = errors[errors.size() / 2];
  quality.coverage = static_cast<double>(covered) / quality.forecasts;
  return quality;
}

// The longer a cascade is watched, the better is its end known; and it lies in the interval as often
// as the interval says.
TEST(Seismic, ForecastsCascadesOfKnownParameters) {
  for (const double sigma : {0.0, 1.0}) {
    for (const double p : {0.003, 0.006, 0.008}) {
      double before = 10.0;
      for (const double now : {600.0, kHour, 6 * kHour, 48 * kHour}) {
        const Quality found = judge(p, sigma, now);
        std::printf(
            "p=%.3f sigma=%.0f after %5.1f h: median error %4.1f %%, in the interval "
            "%4.1f %%, unbounded %4.1f %%\n",
            p, sigma, now / kHour, 100.0 * found.error, 100.0 * found.coverage,
            100.0 * found.unbounded / found.forecasts);
        EXPECT_GE(found.coverage, 0.89);
        EXPECT_LE(found.error, before * 1.1);
        before = found.error;
      }
      EXPECT_LE(before, p < 0.008 ? 0.3 : 0.45);
    }
  }
}

// What nobody speaks of any more will not be said to have no bound because it once spread fast. (In
// the middle of the fall the interval knows less than it says: it does not foresee the rest.)
TEST(Seismic, ForecastsCascadesThatDie) {
  for (const double p : {0.008, 0.012}) {
    const Quality found = judge(p, 1.0, 48 * kHour, 2 * kHour);
    std::printf(
        "p=%.3f, halved in 2 h, after 48 h: median error %4.1f %%, in the interval %4.1f %%, "
        "unbounded "
        "%4.1f %%\n",
        p, 100.0 * found.error, 100.0 * found.coverage, 100.0 * found.unbounded / found.forecasts);
    EXPECT_GE(found.coverage, 0.9);
    EXPECT_LE(found.error, 0.05);
    EXPECT_EQ(found.unbounded, 0);
  }
}

// A hundred within half an hour, each heard by 20, and a week of silence: the end is near.
TEST(Seismic, BoundsWhatIsOver) {
  std::vector<Share> shares;
  for (int i = 0; i < 100; ++i) shares.push_back({18.0 * i, 20.0});
  const SeismicOptions options{.mean_listeners = 30.0};
  const auto burning = forecast_shares(shares, kHour / 2.0, options).value();
  EXPECT_TRUE(burning.supercritical);
  EXPECT_FALSE(burning.upper);
  const auto over = forecast_shares(shares, 7 * 24 * kHour, options).value();
  ASSERT_TRUE(over.expected && over.lower && over.upper);
  EXPECT_EQ(*over.lower, 99.0);
  EXPECT_EQ(*over.expected, std::clamp(*over.expected, 99.0, 100.0));
  EXPECT_EQ(*over.upper, std::clamp(*over.upper, 100.0, 120.0));
  EXPECT_EQ(*over.upper, std::floor(*over.upper));
}

// Four generated cascades (number, seconds, listeners) and what the authors' R package says of them
// at 18 moments (number, seconds, infectiousness, shares in the end): its get.infectiousness and
// pred.cascade, with their defaults and n.star = 100.
TEST(Seismic, AgreesWithTheReference) {
  std::map<int, std::vector<Share>> cascades;
  std::ifstream shares(GRAPEVINE_SOURCE_DIR "/tests/data/seismic/cascades.tsv");
  int cascade = 0;
  for (Share share; shares >> cascade >> share.time >> share.listeners;) {
    cascades[cascade].push_back(share);
  }
  ASSERT_EQ(cascades.size(), 4U);
  std::ifstream forecasts(GRAPEVINE_SOURCE_DIR "/tests/data/seismic/forecasts.tsv");
  double now = 0.0, infectiousness = 0.0;
  std::string expected;
  std::size_t compared = 0, supercritical = 0;
  while (forecasts >> cascade >> now >> infectiousness >> expected) {
    SCOPED_TRACE("cascade " + std::to_string(cascade) + " after " + std::to_string(now) + " s");
    const SeismicForecast found = forecast_shares(cascades[cascade], now).value();
    EXPECT_NEAR(found.infectiousness, infectiousness, 1e-9 * infectiousness);
    EXPECT_EQ(found.supercritical, expected == "Inf");
    ASSERT_EQ(found.expected.has_value(), expected != "Inf");
    if (found.expected) {
      EXPECT_NEAR(*found.expected, std::stod(expected), 1e-9 * std::stod(expected));
    }
    ++compared;
    supercritical += found.supercritical ? 1 : 0;
  }
  EXPECT_EQ(compared, 72U);
  EXPECT_GT(supercritical, 9U);
  EXPECT_LT(supercritical, 40U);
}

}  // namespace
}  // namespace grapevine
