#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include <absl/status/statusor.h>

namespace grapevine {

/// How long people take to pass on what they saw: a density that is constant up to `knee` and falls
/// as a power of time behind it; it sums to 1. Measured on tweets by the authors.
struct ReactionTime {
  double exponent = 0.2314843;
  double knee = 300.0;            ///< Seconds.
  double density = 0.0006265725;  ///< Up to the knee, per second.

  /// The share of people who take longer than `seconds`.
  [[nodiscard]] double later_than(double seconds) const;
};

/// One who shared a content, the author among them.
struct Share {
  double time = 0.0;       ///< Seconds since the content was published.
  double listeners = 0.0;  ///< How many then saw it.
};

struct SeismicOptions {
  double mean_listeners = 100.0;  ///< Of those who may share it yet: n* of the paper.
  double window_min = 300.0, window_max = 7200.0;  ///< Seconds that are looked back; half the age.
  std::size_t shares_min = 5;  ///< Where fewer are in the window, it is widened to the last ones.
  double confidence = 0.9;     ///< Of the interval, in (0, 1).
  bool interval = true;        ///< Without it no bounds are told, which is most of the work.
  ReactionTime reaction = {};
};

/// How far a content goes.
struct SeismicForecast {
  std::size_t shares = 0;  ///< So far, without the author's own.
  /// How likely who sees it shares it; over 1 where more shared it than are known to have seen it.
  double infectiousness = 0.0;
  /// Shares to come make more than one other each: nothing bounds their number.
  bool supercritical = false;
  std::optional<double> expected;  ///< Shares in the end. None: supercritical, or unknown.
  /// The interval's ends, whole numbers. No upper one: of the likely values of the infectiousness more
  /// than the interval leaves out above bound nothing, even where the expected one does. No lower one:
  /// nearly all of them.
  std::optional<double> lower, upper;
};

/// Forecasts the number of shares in the end, from those of before `now`: a self-exciting process, of
/// which the infectiousness is estimated with weights that fall to 0 linearly over the window.
///
/// Shapes  shares: by rising time, the first at 0 is the content itself. Later ones than `now` are
///         left out.
/// Interval  Of equally likely values of the infectiousness (gamma, of the longest window that shows no
///         change of it: the whole age, or the last half, quarter, ... while a likelihood-ratio test tells its
///         halves apart at 1 in 100; the expectation's short window is too noisy, and calm where it
///         was widened) and, for each, of the number of shares (gamma with mean and variance
///         of the sizes of branching processes, whose listeners vary as those seen so far); widened
///         to hold what is expected. It knows nothing of an infectiousness that changes later.
/// Unknown  Nobody listened to anyone who shared: only `shares` says something.
/// Errors  InvalidArgument: no shares, times that fall or are before 0, `now` not behind 0, an option
///         out of its range.
/// Cost    O(n), and O(n) for each halving, 20 at most, and some 50 us for the interval. Deterministic.
/// Source  Zhao, Erdogdu, He, Rajaraman & Leskovec, SEISMIC, KDD 2015 (3.3, 3.4), with the constants
///         of their R package and no correction factors; Harris, The Theory of Branching Processes
///         (1963), I.13 (total progeny); Wilks, Annals of Mathematical Statistics 9 (1938) 60-62 (the test);
///         Bifet & Gavalda, SDM 2007 (a window that shrinks where its parts differ); Wilson & Hilferty, PNAS 17 (1931) 684-688 (quantiles).
absl::StatusOr<SeismicForecast> forecast_shares(std::span<const Share> shares, double now,
                                                const SeismicOptions& options = {});

}  // namespace grapevine
