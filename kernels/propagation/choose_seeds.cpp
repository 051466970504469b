#include "kernels/propagation/choose_seeds.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/max_cover.hpp"
#include "kernels/propagation/reverse_sets.hpp"

namespace grapevine {
namespace {

constexpr double kGreedyShare = 1.0 - 1.0 / std::numbers::e;

std::vector<Vertex> list_of(VertexMask mask, std::size_t vertices) {
  std::vector<Vertex> people;
  for (std::size_t v = 0; v != vertices; ++v) {
    if (mask.empty() || mask_has(mask, static_cast<Vertex>(v)))
      people.push_back(static_cast<Vertex>(v));
  }
  return people;
}

absl::Status check(const ListenGraph& graph, std::span<const float> probabilities,
                   const ChooseSeedsOptions& options) {
  const std::size_t n = graph.vertices();
  if (options.k == 0) return absl::InvalidArgumentError("k is 0");
  if (!(options.epsilon > 0.0 && options.epsilon < kGreedyShare)) {
    return absl::InvalidArgumentError("epsilon is not in (0, 1 - 1/e)");
  }
  if (!(options.delta >= 0.0 && options.delta < 1.0)) {
    return absl::InvalidArgumentError("delta is not in (0, 1)");
  }
  if (n == 0) return absl::InvalidArgumentError("the graph has no people");
  if (probabilities.size() != graph.edges()) {
    return absl::InvalidArgumentError("there is not one probability an edge");
  }
  for (const VertexMask mask : {options.candidates, options.audience}) {
    if (!mask.empty() && mask.size() != mask_words(n)) {
      return absl::InvalidArgumentError("a mask is not of this graph");
    }
  }
  return absl::OkStatus();
}

// Whether word can get from any candidate to any of the audience, by a walk backwards over edges
// that may live.
bool can_reach(const ListenGraph& graph, std::span<const float> probabilities,
               std::span<const Vertex> audience, VertexMask candidates) {
  const auto is_candidate = [&](Vertex v) { return candidates.empty() || mask_has(candidates, v); };
  if (std::ranges::any_of(audience, is_candidate)) return true;
  std::vector<bool> visited(graph.vertices());
  std::vector<Vertex> stack(audience.begin(), audience.end());
  for (const Vertex v : audience) visited[v] = true;
  while (!stack.empty()) {
    const Vertex v = stack.back();
    stack.pop_back();
    if (is_candidate(v)) return true;
    for (std::size_t edge = graph.influencers.offsets[v]; edge != graph.influencers.offsets[v + 1];
         ++edge) {
      const Vertex influencer = graph.influencers.neighbors[edge];
      if (quantized(probabilities[edge]) == 0 || visited[influencer]) continue;
      visited[influencer] = true;
      stack.push_back(influencer);
    }
  }
  return false;
}

// Chernoff-type bounds of OPIM-C (lemmas 4.2 and 4.3 of [1]) on the expected number of covered
// sets; each fails with probability exp(-a).
double fewest_covered(double covered, double a) {
  const double root = std::sqrt(covered + 2.0 * a / 9.0) - std::sqrt(a / 2.0);
  return root <= 0.0 ? 0.0 : std::max(root * root - a / 18.0, 0.0);
}
double most_covered(double covered, double a) {
  const double root = std::sqrt(covered + a / 2.0) + std::sqrt(a / 2.0);
  return root * root;
}

// Sets of the first round: fewer could not suffice for the chance wanted (theta_0 of [1]).
std::size_t first_round_sets(std::size_t candidates, std::size_t k, double delta) {
  const auto c = static_cast<double>(candidates);
  const auto chosen = static_cast<double>(std::min(k, candidates));
  const double log_choices =
      std::lgamma(c + 1.0) - std::lgamma(chosen + 1.0) - std::lgamma(c - chosen + 1.0);
  const double log_chance = std::log(6.0 / delta);
  const double root =
      kGreedyShare * std::sqrt(log_chance) + std::sqrt(kGreedyShare * (log_choices + log_chance));
  return static_cast<std::size_t>(std::ceil(2.0 * root * root));
}

// Adds candidates that no sample speaks for, so that as many are named as were asked for.
void fill_up(std::vector<Vertex>& chosen, std::span<const Vertex> candidates, std::size_t k) {
  std::vector<Vertex> sorted = chosen;
  std::ranges::sort(sorted);
  for (const Vertex v : candidates) {
    if (chosen.size() == k) return;
    if (!std::ranges::binary_search(sorted, v)) chosen.push_back(v);
  }
}

// What the second collection says of the seeds that the first has chosen.
SeedChoice judge(const MaxCover& cover, const ReverseSets& unseen, std::span<const Vertex> chosen,
                 std::size_t vertices, std::size_t audience, double a) {
  const std::vector<std::size_t> covered = count_covered(unseen, vertices, chosen);
  const auto people = static_cast<double>(audience);
  const double per_set = people / static_cast<double>(unseen.size());
  SeedChoice choice;
  std::size_t covered_sum = 0;
  for (std::size_t i = 0; i != chosen.size(); ++i) {
    covered_sum += covered[i];
    choice.seeds.push_back({chosen[i], static_cast<double>(covered[i]) * per_set});
  }
  choice.spread = static_cast<double>(covered_sum) * per_set;
  choice.lower_bound = fewest_covered(static_cast<double>(covered_sum), a) * per_set;
  choice.optimum_upper_bound =
      std::min(most_covered(static_cast<double>(cover.optimum_at_most), a) * per_set, people);
  choice.approximation_ratio = choice.lower_bound / choice.optimum_upper_bound;
  return choice;
}

}  // namespace

absl::StatusOr<SeedChoice> choose_seeds(const ListenGraph& graph,
                                        std::span<const float> probabilities,
                                        const ChooseSeedsOptions& options, const Stop& stop) {
  if (absl::Status status = check(graph, probabilities, options); !status.ok()) return status;
  const std::size_t n = graph.vertices();
  const std::vector<Vertex> candidates = list_of(options.candidates, n);
  const std::vector<Vertex> audience = list_of(options.audience, n);
  if (candidates.empty()) return absl::InvalidArgumentError("nobody is a candidate");
  if (audience.empty()) return absl::InvalidArgumentError("nobody is in the audience");
  const std::size_t k = std::min(options.k, candidates.size());
  const double delta =
      options.delta > 0.0 ? options.delta : std::min(0.5, 1.0 / static_cast<double>(n));

  SeedChoice choice;
  if (!can_reach(graph, probabilities, audience, options.candidates)) {
    for (std::size_t i = 0; i != k; ++i) choice.seeds.push_back({candidates[i], 0.0});
    choice.approximation_ratio = 1.0;
    choice.epsilon = options.epsilon;
    choice.delta = delta;
    return choice;
  }

  const ReverseSampler sampler(graph, probabilities, audience, options.candidates);
  ReverseSets seen;
  ReverseSets unseen;
  std::size_t sets = first_round_sets(candidates.size(), k, delta);
  for (double round = 1.0;; round += 1.0, sets *= 2) {
    // Memory is shared evenly. A bound of either collection fails with half of this round's chance.
    const std::uint64_t key = scramble(options.random_seed);
    for (auto* collection : {&seen, &unseen}) {
      const std::uint64_t collection_key = scramble(key + (collection == &seen ? 1 : 2));
      const absl::Status status =
          sampler.extend(*collection, sets, collection_key, options.bytes_max / 2, stop);
      if (!status.ok()) return status;
    }
    MaxCover cover = max_cover(seen, n, k);
    fill_up(cover.chosen, candidates, k);
    const double a = std::log(2.0 * round * (round + 1.0) / delta);
    choice = judge(cover, unseen, cover.chosen, n, audience.size(), a);
    if (choice.approximation_ratio >= kGreedyShare - options.epsilon) break;
  }
  choice.samples = seen.size() + unseen.size();
  choice.epsilon = options.epsilon;
  choice.delta = delta;
  return choice;
}

}  // namespace grapevine
