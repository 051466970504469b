#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "storage/ids.hpp"

namespace grapevine {

/// How long something has waited, and whether the waiting has ended: if not, it is as long at
/// least.
struct Wait {
  TimeMs length = 0;
  bool ended = false;
};

/// An estimated share with its standard error and its 95 % interval.
struct Survival {
  double share = 1.0;
  double standard_error = 0.0;
  /// nullopt where the share is 0 or 1: nothing varies there to estimate an interval from.
  std::optional<double> lower = {};
  std::optional<double> upper = {};
};

/// A percentile of lengths with its 95 % interval; nullopt: not reached.
struct WaitPercentile {
  std::optional<TimeMs> value = {};
  std::optional<TimeMs> lower = {};
  std::optional<TimeMs> upper = {};
  friend bool operator==(const WaitPercentile&, const WaitPercentile&) = default;
};

/// The share that waits longer than each length, estimated from waits of which some have not ended:
/// the product over the lengths at which some end of the share that does not. Leaving those out
/// that still wait would make waiting look shorter than it is.
///
/// Assumes that who is looked on for a shorter time waits no differently: waits that began later
/// are like those before.
/// Immutable; any number of threads may read.
/// Source  Kaplan & Meier, Journal of the American Statistical Association 53 (1958) 457-481;
///         Greenwood, Reports on Public Health and Medical Subjects 33 (1926) for the error;
///         Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data (1980) for
///         intervals of log(-log(share)); Brookmeyer & Crowley, Biometrics 38 (1982) 29-41 for
///         percentiles.
class KaplanMeier {
 public:
  /// A length at which some waits end.
  struct Step {
    TimeMs length = 0;
    std::uint64_t at_risk =
        0;  ///< That waited as long, those included that were looked on no longer.
    std::uint64_t ended = 0;
    double share = 0.0;      ///< That waits longer.
    double greenwood = 0.0;  ///< Sum of ended / (at_risk (at_risk - ended)) up to here.
  };

  /// Shapes  Lengths are not negative; in any order. Cost: O(n log n).
  explicit KaplanMeier(std::vector<Wait> waits);

  [[nodiscard]] std::span<const Step> steps() const { return steps_; }

  /// The share that waits longer than `length`. nullopt: nobody was looked on for so long, while
  /// some still waited; or there are no waits.
  [[nodiscard]] std::optional<Survival> longer_than(TimeMs length) const;

  /// For each of `percents`, the least length by which at least so many of a hundred waits have
  /// ended. Precondition: 0 < percent < 100. Cost: O(n), until the intervals end.
  [[nodiscard]] std::vector<WaitPercentile> percentiles(std::span<const unsigned> percents) const;

 private:
  std::size_t waits_ = 0;
  TimeMs longest_ = 0;
  std::vector<Step> steps_;
};

}  // namespace grapevine
