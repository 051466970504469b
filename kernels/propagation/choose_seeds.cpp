#include "kernels/propagation/choose_seeds.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/budgeted_cover.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/max_cover.hpp"
#include "kernels/propagation/reverse_sets.hpp"

namespace grapevine {
namespace {

constexpr double kGreedyShare = 1.0 - 1.0 / std::numbers::e;
constexpr std::size_t kListenersPerBlock = 4096;
// How far the sum of weights, each rounded to a float, may exceed 1.
constexpr double kWeightRounding = 1e-5;
// Of a budget that would pay for more, so many are looked for at first: rounds double in any case.
constexpr std::size_t kFirstChoices = 64;

std::vector<Vertex> list_of(VertexMask mask, std::size_t vertices) {
  std::vector<Vertex> people;
  for (std::size_t v = 0; v != vertices; ++v) {
    if (mask.empty() || mask_has(mask, static_cast<Vertex>(v)))
      people.push_back(static_cast<Vertex>(v));
  }
  return people;
}

double guarantee_of(const ChooseSeedsOptions& options) {
  return options.costs.empty() ? kGreedyShare : kBudgetedShare;
}

absl::Status check_values(std::span<const double> values, std::span<const double> costs,
                          double budget) {
  double sum = 0.0;
  for (const double value : values) {
    if (!(value >= 0.0)) return absl::InvalidArgumentError("a value is not at least 0");
    sum += value;
  }
  if (!std::isfinite(sum)) return absl::InvalidArgumentError("the sum of values is not finite");
  for (const double cost : costs) {
    if (!(cost > 0.0 && std::isfinite(cost))) {
      return absl::InvalidArgumentError("a cost is not finite and above 0");
    }
  }
  if (!costs.empty() && !(budget > 0.0 && std::isfinite(budget))) {
    return absl::InvalidArgumentError("the budget is not finite and above 0");
  }
  if (costs.empty() && budget != 0.0) return absl::InvalidArgumentError("a budget without costs");
  return absl::OkStatus();
}

absl::Status check_weights(const ListenGraph& graph, std::span<const float> weights) {
  std::atomic<bool> fits = true;
  for_each_block(graph.vertices(), kListenersPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      const std::size_t first = graph.influencers.offsets[v];
      double sum = 0.0;
      for (const float one : weights.subspan(first, graph.influencers.offsets[v + 1] - first)) {
        sum += static_cast<double>(one);
      }
      if (!(sum <= 1.0 + kWeightRounding)) fits.store(false, std::memory_order_relaxed);
    }
  });
  if (fits) return absl::OkStatus();
  return absl::InvalidArgumentError("the weights into a listener sum to more than 1");
}

absl::Status check(const ListenGraph& graph, std::span<const float> probabilities,
                   const ChooseSeedsOptions& options) {
  const std::size_t n = graph.vertices();
  if (options.k == 0 && options.costs.empty()) return absl::InvalidArgumentError("k is 0");
  if (!(options.epsilon > 0.0 && options.epsilon < guarantee_of(options))) {
    return absl::InvalidArgumentError(options.costs.empty()
                                          ? "epsilon is not in (0, 1 - 1/e)"
                                          : "epsilon is not in (0, 1 - 1/sqrt(e))");
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
  for (const std::span<const double> array : {options.values, options.costs}) {
    if (!array.empty() && array.size() != n) {
      return absl::InvalidArgumentError("there is not one value or cost a person");
    }
  }
  if (absl::Status status = check_values(options.values, options.costs, options.budget);
      !status.ok()) {
    return status;
  }
  if (options.model == CascadeModel::LinearThreshold) return check_weights(graph, probabilities);
  return absl::OkStatus();
}

// Who is asked for, in the forms that rounds need.
struct Question {
  const ListenGraph& graph;
  const ChooseSeedsOptions& options;
  std::vector<Vertex> candidates;  // With costs, those whom the budget can pay.
  std::vector<Vertex> audience;    // With values, those who are worth something.
  std::vector<double> values;      // Parallel to the audience; or empty.
  double worth = 0.0;              // Of the audience: its people or their values.
  std::size_t k = 0;               // With costs, seeds to begin with.
  double delta = 0.0;
};

Question put_question(const ListenGraph& graph, const ChooseSeedsOptions& options) {
  const std::size_t n = graph.vertices();
  Question question{
      graph, options, list_of(options.candidates, n), list_of(options.audience, n), {}};
  question.delta =
      options.delta > 0.0 ? options.delta : std::min(0.5, 1.0 / static_cast<double>(n));
  question.worth = static_cast<double>(question.audience.size());
  question.k = std::min(options.k, question.candidates.size());
  if (!options.values.empty()) {
    std::erase_if(question.audience, [&](Vertex v) { return options.values[v] == 0.0; });
    question.worth = 0.0;
    for (const Vertex v : question.audience) {
      question.values.push_back(options.values[v]);
      question.worth += options.values[v];
    }
  }
  if (!options.costs.empty()) {
    std::erase_if(question.candidates, [&](Vertex v) { return options.costs[v] > options.budget; });
    question.k = std::min(kFirstChoices, question.candidates.size());
  }
  return question;
}

// Whether word can get from any candidate to any of the audience, by a walk backwards over edges
// that may live.
bool can_reach(const Question& question, std::span<const float> probabilities) {
  const ListenGraph& graph = question.graph;
  const ChooseSeedsOptions& options = question.options;
  const auto is_candidate = [&](Vertex v) {
    return (options.candidates.empty() || mask_has(options.candidates, v)) &&
           (options.costs.empty() || options.costs[v] <= options.budget);
  };
  if (std::ranges::any_of(question.audience, is_candidate)) return true;
  std::vector<bool> visited(graph.vertices());
  std::vector<Vertex> stack = question.audience;
  for (const Vertex v : stack) visited[v] = true;
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

// The answer where nobody who may be a seed can reach anyone of value.
SeedChoice nothing_to_gain(const Question& question) {
  SeedChoice choice;
  const std::size_t seeds = question.options.costs.empty() ? question.k : 0;
  for (std::size_t i = 0; i != seeds; ++i) choice.seeds.push_back({question.candidates[i]});
  choice.approximation_ratio = 1.0;
  return choice;
}

MaxCover cover(const Question& question, const ReverseSets& seen) {
  const std::size_t n = question.graph.vertices();
  const ChooseSeedsOptions& options = question.options;
  if (!options.costs.empty()) return budgeted_cover(seen, n, options.costs, options.budget);
  MaxCover best = max_cover(seen, n, question.k);
  fill_up(best.chosen, question.candidates, question.k);
  return best;
}

// What the second collection says of the seeds that the first has chosen.
SeedChoice judge(const Question& question, const MaxCover& best, const ReverseSets& unseen,
                 double a) {
  const std::vector<std::size_t> covered =
      count_covered(unseen, question.graph.vertices(), best.chosen);
  const double per_set = question.worth / static_cast<double>(unseen.size());
  SeedChoice choice;
  std::size_t covered_sum = 0;
  for (std::size_t i = 0; i != best.chosen.size(); ++i) {
    covered_sum += covered[i];
    const Vertex person = best.chosen[i];
    const double cost = question.options.costs.empty() ? 0.0 : question.options.costs[person];
    choice.seeds.push_back({person, static_cast<double>(covered[i]) * per_set, cost});
    choice.cost += cost;
  }
  choice.spread = static_cast<double>(covered_sum) * per_set;
  choice.lower_bound = fewest_covered(static_cast<double>(covered_sum), a) * per_set;
  choice.optimum_upper_bound = std::min(
      most_covered(static_cast<double>(best.optimum_at_most), a) * per_set, question.worth);
  choice.approximation_ratio = choice.lower_bound / choice.optimum_upper_bound;
  return choice;
}

absl::StatusOr<SeedChoice> answer(const Question& question, std::span<const float> probabilities,
                                  const Stop& stop) {
  const ChooseSeedsOptions& options = question.options;
  if (!can_reach(question, probabilities)) return nothing_to_gain(question);
  const ReverseSampler sampler(question.graph, probabilities, options.model, question.audience,
                               question.values, options.candidates);
  ReverseSets seen;
  ReverseSets unseen;
  std::size_t sets = first_round_sets(question.candidates.size(), question.k, question.delta);
  for (double round = 1.0;; round += 1.0, sets *= 2) {
    // Memory is shared evenly. A bound of either collection fails with half of this round's chance.
    const std::uint64_t key = scramble(options.random_seed);
    for (auto* collection : {&seen, &unseen}) {
      const std::uint64_t collection_key = scramble(key + (collection == &seen ? 1 : 2));
      const absl::Status status =
          sampler.extend(*collection, sets, collection_key, options.bytes_max / 2, stop);
      if (!status.ok()) return status;
    }
    const double a = std::log(2.0 * round * (round + 1.0) / question.delta);
    SeedChoice choice = judge(question, cover(question, seen), unseen, a);
    const double wanted = guarantee_of(options) - options.epsilon;
    stop.report(std::max(choice.approximation_ratio, 0.0) / wanted);
    if (choice.approximation_ratio >= wanted) {
      choice.samples = seen.size() + unseen.size();
      return choice;
    }
  }
}

}  // namespace

absl::StatusOr<SeedChoice> choose_seeds(const ListenGraph& graph,
                                        std::span<const float> probabilities,
                                        const ChooseSeedsOptions& options, const Stop& stop) {
  if (absl::Status status = check(graph, probabilities, options); !status.ok()) return status;
  if (list_of(options.candidates, graph.vertices()).empty()) {
    return absl::InvalidArgumentError("nobody is a candidate");
  }
  if (list_of(options.audience, graph.vertices()).empty()) {
    return absl::InvalidArgumentError("nobody is in the audience");
  }
  const Question question = put_question(graph, options);
  absl::StatusOr<SeedChoice> choice = answer(question, probabilities, stop);
  if (!choice.ok()) return choice;
  choice->guarantee = guarantee_of(options);
  choice->epsilon = options.epsilon;
  choice->delta = question.delta;
  return choice;
}

}  // namespace grapevine
