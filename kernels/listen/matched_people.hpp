#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace grapevine {

/// What somebody is to a comparison.
enum class Arm : std::uint8_t {
  None,  ///< Not compared.
  Treated,
  Control,
};

/// People of a comparison in strata: of the same stratum are those whose coarsened covariates are
/// equal. A stratum with treated people and controls is matched; who is in another one is left out.
///
/// Immutable once made; any number of threads may read.
/// Source  Iacus, King & Porro, Political Analysis 20 (2012) 1-24: coarsened exact matching.
struct MatchedPeople {
  struct Stratum {
    std::uint64_t key = 0;
    std::vector<std::uint32_t> treated;  ///< Ascending, as the controls.
    std::vector<std::uint32_t> controls;
    [[nodiscard]] bool is_matched() const { return !treated.empty() && !controls.empty(); }
  };
  std::vector<Stratum> strata;  ///< By ascending key.

  /// How much everybody counts: a matched person who is treated 1, a control (treated / controls)
  /// of their stratum, so that controls are spread over the strata as the treated are; others 0.
  std::vector<double> weights;
  std::size_t matched_strata = 0;
  std::size_t treated = 0;   ///< Matched ones.
  std::size_t controls = 0;  ///< The same.
};

/// Shapes  keys, arms: by person. Cost: O(n log n).
MatchedPeople match_exactly(std::span<const std::uint64_t> keys, std::span<const Arm> arms);

/// How much more of something the treated have than they would have had, had they been as the
/// controls of their strata.
struct Effect {
  double treated_mean = 0.0;
  double control_mean = 0.0;  ///< Weighed.
  [[nodiscard]] double difference() const { return treated_mean - control_mean; }
  /// Of the difference; nullopt: fewer than two people on one side, or nothing varies.
  std::optional<double> standard_error = {};
  std::optional<double> lower = {};  ///< Of its 95 % interval, that of a normal number.
  std::optional<double> upper = {};
};

/// The mean over matched strata of the differences of means, each weighed by its treated people.
/// Its variance is the sum of squared weights × (variance / number) over both sides of each
/// stratum; of one person alone the variance of the whole side stands in, which is no smaller on
/// average.
///
/// Shapes  outcome: by person. nullopt: nobody is matched. Cost: O(n). The order of strata alone
///         decides the order of sums.
/// Source  Imbens & Rubin, Causal Inference (2015), chapter 9: Neyman's estimator in strata.
std::optional<Effect> effect_on_treated(const MatchedPeople& people,
                                        std::span<const double> outcome);

/// How alike the sides are in a covariate. Means after matching are weighed.
struct Balance {
  double treated_before = 0.0;
  double controls_before = 0.0;
  double treated_after = 0.0;
  double controls_after = 0.0;
  /// Differences over the deviation before matching, the root of the mean of both variances;
  /// nullopt: it is 0, or a side is empty. Below 0.1 in size they are usually called alike.
  std::optional<double> difference_before = {};
  std::optional<double> difference_after = {};
};

/// Shapes  covariate: by person. Source: Stuart, Statistical Science 25 (2010) 1-21.
Balance balance_of(const MatchedPeople& people, std::span<const double> covariate);

}  // namespace grapevine
