#include "kernels/influence/betweenness.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>

#include "kernels/influence/dependency_search.hpp"
#include "kernels/influence/mean_bound.hpp"
#include "kernels/influence/pair_search.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSourcesPerBlock = 4;
constexpr std::size_t kPairsPerBlock = 32;
constexpr std::size_t kPairsOfFirstRound = 2048;
constexpr std::size_t kPeoplePerBlock = 4096;
// Shares of pairs are added up as integers in this unit, so that any order gives the same bits.
constexpr double kShareUnit = 0x1p-32;
constexpr std::size_t kSamplesMax = std::size_t{1} << 31;  // Their sum fits 64 bits.

absl::Status check(const BetweennessOptions& options) {
  if (!(options.error >= 0.0 && options.error < 1.0)) {
    return absl::InvalidArgumentError("error is not in [0, 1)");
  }
  if (!(options.delta > 0.0 && options.delta < 1.0)) {
    return absl::InvalidArgumentError("delta is not in (0, 1)");
  }
  if (options.samples_max < 2 || options.samples_max > kSamplesMax) {
    return absl::InvalidArgumentError("samples_max is not in [2, 2147483648]");
  }
  return absl::OkStatus();
}

// Whose word can be on a way, and where.
struct Ends {
  std::vector<Vertex> sources;  // Those who have listeners.
  std::vector<Vertex> targets;  // Those who listen to somebody.
  std::size_t between = 0;      // Those who do both: nobody else is between others.
};

Ends find_ends(const ListenGraph& graph) {
  Ends ends;
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    const bool heard = graph.listeners.degree(v) > 0;
    const bool listens = graph.influencers.degree(v) > 0;
    if (heard) ends.sources.push_back(v);
    if (listens) ends.targets.push_back(v);
    ends.between += heard && listens ? 1 : 0;
  }
  return ends;
}

double ordered_pairs(const ListenGraph& graph) {
  const auto n = static_cast<double>(graph.vertices());
  return n * (n - 1.0);
}

absl::StatusOr<BetweennessResult> search_from_everyone(const ListenGraph& graph, const Ends& ends,
                                                       const Stop& stop) {
  // Integers again; the sum over all sources is below n^2, which must fit 63 bits.
  const int bits = 2 * static_cast<int>(std::bit_width(graph.vertices()));
  const double units = std::ldexp(1.0, 63 - bits);
  struct Worker {
    DependencySearch search;
    std::vector<std::uint64_t> sums;
  };
  WorkerLocal<Worker> workers([&graph] {
    return Worker{DependencySearch(graph), std::vector<std::uint64_t>(graph.vertices())};
  });
  for_each_block(ends.sources.size(), kSourcesPerBlock, [&](std::size_t begin, std::size_t end) {
    if (stop.requested()) return;
    Worker& mine = workers.mine();
    for (std::size_t i = begin; i != end; ++i) {
      for (const auto& [person, dependency] : mine.search.find(ends.sources[i])) {
        mine.sums[person] += static_cast<std::uint64_t>(dependency * units + 0.5);
      }
    }
  });
  if (stop.requested()) return absl::CancelledError();
  std::vector<std::uint64_t> sums(graph.vertices());
  workers.for_each_made([&sums](const Worker& worker) {
    for (std::size_t v = 0; v != sums.size(); ++v) sums[v] += worker.sums[v];
  });
  BetweennessResult result{.scores = std::vector<double>(sums.size()), .exact = true};
  for (std::size_t v = 0; v != sums.size(); ++v) {
    result.scores[v] = static_cast<double>(sums[v]) / (units * ordered_pairs(graph));
  }
  return result;
}

// Sums over the pairs drawn so far, in units of kShareUnit.
struct ShareSum {
  std::uint64_t share = 0;   // Each rounded down,
  std::uint64_t square = 0;  // each rounded up.
};

class PairSampler {
 public:
  PairSampler(const ListenGraph& graph, const Ends& ends, std::uint64_t random_seed)
      : ends_(&ends), random_seed_(random_seed), sums_(graph.vertices()), workers_([&graph] {
          return Worker{PairSearch(graph), std::vector<ShareSum>(graph.vertices())};
        }) {}

  // Adds the pairs [samples(), samples): a pair is a pure function of its number. Less once stopped.
  void draw_until(std::size_t samples, const Stop& stop) {
    for_each_block(samples - samples_, kPairsPerBlock, [&](std::size_t begin, std::size_t end) {
      if (stop.requested()) return;
      Worker& mine = workers_.mine();
      for (std::size_t i = samples_ + begin; i != samples_ + end; ++i) {
        const std::uint64_t stream = scramble(scramble(random_seed_) + i);
        const Vertex source = pick(ends_->sources, draw_bits(stream, 0));
        const Vertex target = pick(ends_->targets, draw_bits(stream, 1));
        for (const auto& [person, share] : mine.search.find(source, target)) {
          mine.sums[person].share += static_cast<std::uint64_t>(share / kShareUnit);
          mine.sums[person].square += static_cast<std::uint64_t>(share * share / kShareUnit) + 1;
        }
      }
    });
    samples_ = samples;
    std::ranges::fill(sums_, ShareSum{});
    workers_.for_each_made([this](const Worker& worker) {
      for (std::size_t v = 0; v != sums_.size(); ++v) {
        sums_[v].share += worker.sums[v].share;
        sums_[v].square += worker.sums[v].square;
      }
    });
  }

  [[nodiscard]] std::size_t samples() const { return samples_; }

  [[nodiscard]] SampledMean mean_of(std::size_t v) const {
    const double per_unit = kShareUnit / static_cast<double>(samples_);
    return {std::min(1.0, static_cast<double>(sums_[v].share) * per_unit),
            static_cast<double>(sums_[v].square) * per_unit, samples_};
  }

  // Of everybody's mean, if each of them may be further off with probability `delta`.
  [[nodiscard]] double deviation_max(double delta) const {
    std::vector<double> of_block(blocks_of(sums_.size(), kPeoplePerBlock));
    const double unseen = mean_deviation_max({0.0, 0.0, samples_}, delta);
    for_each_block(sums_.size(), kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
      double largest = unseen;
      for (std::size_t v = begin; v != end; ++v) {
        if (sums_[v].share == 0 && sums_[v].square == 0) continue;
        const SampledMean sampled = mean_of(v);
        if (mean_deviation_ceiling(sampled, delta) <= largest) continue;
        largest = std::max(largest, mean_deviation_max(sampled, delta));
      }
      of_block[begin / kPeoplePerBlock] = largest;
    });
    return *std::ranges::max_element(of_block) + kShareUnit;  // Shares were rounded.
  }

 private:
  struct Worker {
    PairSearch search;
    std::vector<ShareSum> sums;
  };

  // Uniform but for less than 2^-32.
  static Vertex pick(std::span<const Vertex> from, std::uint64_t bits) {
    __extension__ using Wide = unsigned __int128;
    return from[static_cast<std::size_t>(Wide{bits} * from.size() >> 64)];
  }

  const Ends* ends_;
  std::uint64_t random_seed_;
  std::size_t samples_ = 0;
  std::vector<ShareSum> sums_;
  WorkerLocal<Worker> workers_;
};

absl::StatusOr<BetweennessResult> sample_pairs(const ListenGraph& graph, const Ends& ends,
                                               const BetweennessOptions& options,
                                               const Stop& stop) {
  // Pairs of sources and targets, among all pairs.
  const double scale = static_cast<double>(ends.sources.size()) *
                       static_cast<double>(ends.targets.size()) / ordered_pairs(graph);
  PairSampler sampler(graph, ends, options.random_seed);
  BetweennessResult result;
  double round = 0.0;
  // When to look is fixed beforehand: only then may delta be shared between the rounds.
  for (std::size_t samples = kPairsOfFirstRound;; samples += samples / 2) {
    sampler.draw_until(std::min(samples, options.samples_max), stop);
    if (stop.requested()) return absl::CancelledError();
    round += 1.0;
    const double delta_of_round = options.delta / (round * (round + 1.0));
    result.error_bound =
        scale * sampler.deviation_max(delta_of_round / static_cast<double>(ends.between));
    // It falls with the square root of the samples.
    stop.report(std::pow(options.error / std::max(result.error_bound, 1e-300), 2.0));
    if (result.error_bound <= options.error || sampler.samples() == options.samples_max) break;
  }
  result.samples = sampler.samples();
  result.scores.resize(graph.vertices());
  for (std::size_t v = 0; v != result.scores.size(); ++v) {
    result.scores[v] = std::min(1.0, scale * sampler.mean_of(v).mean);
  }
  return result;
}

}  // namespace

absl::StatusOr<BetweennessResult> betweenness(const ListenGraph& graph,
                                              const BetweennessOptions& options, const Stop& stop) {
  if (absl::Status status = check(options); !status.ok()) return status;
  if (stop.requested()) return absl::CancelledError();
  const Ends ends = find_ends(graph);
  if (graph.vertices() < 3 || ends.between == 0) {
    return BetweennessResult{.scores = std::vector<double>(graph.vertices()), .exact = true};
  }
  // Whoever is between others makes sources of somebody, so there are some.
  const bool few = graph.edges() <= options.exact_edges_max / ends.sources.size();
  if (few || options.error == 0.0) return search_from_everyone(graph, ends, stop);
  return sample_pairs(graph, ends, options, stop);
}

}  // namespace grapevine
