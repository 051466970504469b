#include "kernels/propagation/spread_of_all.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/ordered_sum.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/linear_threshold.hpp"
#include "kernels/propagation/spread_plan.hpp"
#include "kernels/propagation/spread_samples.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kGroups = 8;
constexpr std::size_t kFirstSetsPerGroup = 8 * 1024;
constexpr std::size_t kPeoplePerBlock = 1024;

// A person's estimates by group, side by side: a step reads all of them at once.
using ByGroup = std::array<double, kGroups>;

struct Estimate {
  double mean = 0.0;
  double standard_error = 0.0;
};

Estimate judge(const ByGroup& groups, double least) {
  Estimate estimate;
  for (const double of_group : groups) estimate.mean += of_group / kGroups;
  double squares = 0.0;
  for (const double of_group : groups) {
    squares += (of_group - estimate.mean) * (of_group - estimate.mean);
  }
  estimate.standard_error = std::sqrt(squares / (kGroups - 1) / kGroups);
  estimate.mean = std::max(estimate.mean, least);
  return estimate;
}

// To the precision of a float: whose spreads are equal and known exactly shall tie, in whatever
// order they were added up.
double rounded(double x) {
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);
  return std::ldexp(std::round(mantissa * 0x1p24), exponent - 24);
}

double relative_error(const SpreadPlan& plan, std::span<const ByGroup> spread) {
  if (spread.empty()) return 0.0;
  const double squares = ordered_sum(spread.size(), [&](std::size_t place) {
    const Estimate estimate = judge(spread[place], plan.worth[place]);
    if (!(estimate.mean > 0.0)) return 0.0;
    const double relative = estimate.standard_error / estimate.mean;
    return relative * relative;
  });
  return std::sqrt(squares / static_cast<double>(spread.size()));
}

// Each group's estimates, by place, of whom is heard: the first step of word in expectation, the
// rest from the sets.
std::vector<ByGroup> estimate(const SpreadPlan& plan, std::span<const SpreadSums> sums) {
  std::vector<ByGroup> reached(plan.heard);
  for_each_block(plan.heard, kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      for (std::size_t g = 0; g != kGroups; ++g)
        reached[v][g] = sums[g].reached[v] / static_cast<double>(sums[g].sets);
    }
  });
  std::vector<ByGroup> spread(plan.heard);
  for_each_block(plan.heard, kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      ByGroup sum{};
      for (std::size_t edge = plan.passes_offsets[v]; edge != plan.passes_offsets[v + 1]; ++edge) {
        const auto probability = static_cast<double>(plan.passes[edge].probability);
        const ByGroup& of_listener = reached[plan.passes[edge].place];
        for (std::size_t g = 0; g != kGroups; ++g) sum[g] += probability * of_listener[g];
      }
      for (std::size_t g = 0; g != kGroups; ++g) {
        const double overlap = sums[g].overlaps[v] / static_cast<double>(sums[g].sets);
        spread[v][g] = plan.base[v] + sum[g] - overlap;
      }
    }
  });
  return spread;
}

bool is_probability(float p) { return p >= 0.0F && p <= 1.0F; }

absl::Status check(const ListenGraph& graph, std::span<const float> probabilities,
                   const SpreadOfAllOptions& options) {
  if (!(options.relative_error > 0.0)) {
    return absl::InvalidArgumentError("relative_error is not above 0");
  }
  if (options.samples_max == 0) return absl::InvalidArgumentError("samples_max is 0");
  if (probabilities.size() != graph.edges()) {
    return absl::InvalidArgumentError("there is not one probability an edge");
  }
  if (!std::ranges::all_of(probabilities, is_probability)) {
    return absl::InvalidArgumentError("a probability is not in [0, 1]");
  }
  if (options.model == CascadeModel::LinearThreshold) {
    const absl::Status status = check_threshold_weights(graph, probabilities);
    if (!status.ok()) return status;
  }
  if (options.values.empty()) return absl::OkStatus();
  if (options.values.size() != graph.vertices()) {
    return absl::InvalidArgumentError("there is not one value a person");
  }
  for (const double value : options.values) {
    if (!(value >= 0.0) || !std::isfinite(value)) {
      return absl::InvalidArgumentError("a value is not finite and at least 0");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SpreadOfAll> spread_of_all(const ListenGraph& graph,
                                          std::span<const float> probabilities,
                                          const SpreadOfAllOptions& options, const Stop& stop) {
  if (absl::Status status = check(graph, probabilities, options); !status.ok()) return status;
  const std::size_t n = graph.vertices();
  SpreadOfAll answer;
  answer.spread.assign(options.values.begin(), options.values.end());
  answer.spread.resize(n, 1.0);
  answer.standard_error.resize(n);

  const SpreadPlan plan = plan_spread(graph, probabilities, options.values, options.model);
  const SpreadSampler sampler(plan, options.model);
  std::vector<SpreadSums> sums(kGroups);
  std::size_t sets = std::min(kFirstSetsPerGroup, blocks_of(options.samples_max, kGroups));
  std::size_t drawn = 0;
  std::vector<ByGroup> found;
  for (std::uint64_t number = 0;; ++number) {
    const SpreadBatch batch{scramble(scramble(options.random_seed) + number), kGroups, sets};
    for_each(kGroups, [&](std::size_t group) { sampler.extend(sums[group], batch, group, stop); });
    if (stop.requested()) return absl::CancelledError();
    drawn += sets;
    found = estimate(plan, sums);
    answer.relative_error = relative_error(plan, found);
    stop.report(std::pow(options.relative_error / std::max(answer.relative_error, 1e-300), 2.0));
    if (answer.relative_error <= options.relative_error) break;
    if (drawn * kGroups >= options.samples_max) break;
    // The error falls with the square root of the samples.
    const double ratio = answer.relative_error / options.relative_error;
    const double wanted = std::clamp(1.1 * ratio * ratio, 1.25, 4.0) * static_cast<double>(drawn);
    const std::size_t most = blocks_of(options.samples_max, kGroups);
    sets = std::min(static_cast<std::size_t>(wanted), most) - drawn;
  }
  for (std::size_t place = 0; place != plan.heard; ++place) {
    const Estimate estimate = judge(found[place], plan.worth[place]);
    answer.spread[plan.people[place]] = rounded(estimate.mean);
    answer.standard_error[plan.people[place]] = estimate.standard_error;
  }
  answer.samples = drawn * kGroups;
  return answer;
}

}  // namespace grapevine
