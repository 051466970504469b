#include "kernels/influence/learned_probabilities.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/influence/exposures.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kListenersPerBlock = 64;
constexpr double kProbabilityMax = 1.0 - 0x1p-24;  // The largest float below 1.
// Credit is shared out again until no probability of a listener changes by more.
constexpr double kChangeMin = 1e-6;

// What is known of all edges together, in integers: any order of adding gives the same.
struct Tally {
  __extension__ using Wide = unsigned __int128;
  std::uint64_t trials = 0;
  std::size_t edges_tried = 0;
  std::size_t edges_succeeded = 0;
  std::size_t actions_exposed = 0;
  Wide shortest_delays_ms = 0;                 // Since the latest influencer's action.
  std::vector<std::uint64_t> by_exposures;     // How many actions came after so many influencers'.
  std::vector<std::uint8_t> followed_by_edge;  // Scratch.

  void add(const ListenerExposures& listener);
  void add(const Tally& other);
};

double shortest_delay(std::span<const Exposure> exposures) {
  return std::ranges::min_element(exposures, {}, &Exposure::delay_ms)->delay_ms;
}

void Tally::add(const ListenerExposures& listener) {
  for (const std::uint64_t tried : listener.trials()) {
    trials += tried;
    edges_tried += tried != 0 ? 1 : 0;
  }
  if (listener.all().empty()) return;
  followed_by_edge.assign(listener.trials().size(), 0);
  for (const Exposure& exposure : listener.all()) followed_by_edge[exposure.influencer] = 1;
  edges_succeeded += static_cast<std::size_t>(std::ranges::count(followed_by_edge, 1));
  for (std::size_t action = 0; action != listener.actions(); ++action) {
    const auto exposures = listener.of(action);
    if (exposures.empty()) continue;
    ++actions_exposed;
    shortest_delays_ms += static_cast<Wide>(shortest_delay(exposures));
    if (by_exposures.size() <= exposures.size()) by_exposures.resize(exposures.size() + 1);
    ++by_exposures[exposures.size()];
  }
}

void Tally::add(const Tally& other) {
  trials += other.trials;
  edges_tried += other.edges_tried;
  edges_succeeded += other.edges_succeeded;
  actions_exposed += other.actions_exposed;
  shortest_delays_ms += other.shortest_delays_ms;
  by_exposures.resize(std::max(by_exposures.size(), other.by_exposures.size()));
  for (std::size_t k = 0; k != other.by_exposures.size(); ++k) {
    by_exposures[k] += other.by_exposures[k];
  }
}

// The likeliest probability if all edges had the same: an action after those of k influencers had
// the chance 1 - (1 - p)^k. Where the slope of the likelihood is 0, found by halving.
double likeliest_constant(const Tally& tally) {
  auto failed = static_cast<double>(tally.trials);
  for (std::size_t k = 1; k < tally.by_exposures.size(); ++k) {
    failed -= static_cast<double>(k * tally.by_exposures[k]);
  }
  double low = 0.0;
  double high = kProbabilityMax;
  for (int halving = 0; halving != 60; ++halving) {
    const double p = (low + high) / 2.0;
    double slope = -failed;
    for (std::size_t k = 1; k < tally.by_exposures.size(); ++k) {
      if (tally.by_exposures[k] == 0) continue;
      const auto influencers = static_cast<double>(k);
      const double none = std::pow(1.0 - p, influencers);
      slope += static_cast<double>(tally.by_exposures[k]) * influencers * none / (1.0 - none);
    }
    (slope > 0.0 ? low : high) = p;
  }
  return high;
}

// What is learned of one listener: the probabilities of the edges into them, and their delay.
class ListenerModel {
 public:
  // Returns the listener's delay; `probabilities` are written.
  double learn(const ListenerExposures& listener, const LearnOptions& options, double global,
               double global_delay_ms) {
    probabilities_.assign(listener.trials().size(), global);
    double delay_sum = options.prior_delays * global_delay_ms;
    double weight = options.prior_delays;
    for (std::size_t action = 0; action != listener.actions(); ++action) {
      if (listener.of(action).empty()) continue;
      delay_sum += shortest_delay(listener.of(action));
      weight += 1.0;
    }
    double delay_ms = delay_sum / weight;
    for (std::size_t round = 0; round != options.rounds; ++round) {
      credits_.assign(listener.trials().size(), 0.0);
      delay_sum = options.prior_delays * global_delay_ms;
      weight = options.prior_delays;
      for (std::size_t action = 0; action != listener.actions(); ++action) {
        share_out(listener.of(action), delay_ms, delay_sum, weight);
      }
      double change = 0.0;
      for (std::size_t i = 0; i != credits_.size(); ++i) {
        const double p =
            std::min((credits_[i] + options.prior_trials * global) /
                         (static_cast<double>(listener.trials()[i]) + options.prior_trials),
                     kProbabilityMax);
        change = std::max(change, std::abs(p - probabilities_[i]));
        probabilities_[i] = p;
      }
      const double before = std::exchange(delay_ms, delay_sum / weight);
      if (change <= kChangeMin && std::abs(delay_ms - before) <= kChangeMin * before) break;
    }
    return delay_ms;
  }

  [[nodiscard]] std::span<const double> probabilities() const { return probabilities_; }

 private:
  // Gives credit for one action. Shares are kept relative to the latest influencer's decay, so that
  // they do not vanish together however long ago all were.
  void share_out(std::span<const Exposure> exposures, double delay_ms, double& delay_sum,
                 double& weight) {
    if (exposures.empty()) return;
    const double shortest = shortest_delay(exposures);
    const double decay_of_shortest = std::exp(-shortest / delay_ms);
    relative_.clear();
    double sum = 0.0;
    for (const Exposure& exposure : exposures) {
      const double p = probabilities_[exposure.influencer];
      const double decay = std::exp((shortest - exposure.delay_ms) / delay_ms);
      relative_.push_back(p * decay / (1.0 - p + p * decay * decay_of_shortest));
      sum += relative_.back();
    }
    for (std::size_t i = 0; i != exposures.size(); ++i) {
      const double share = relative_[i] / sum;
      const double later = (1.0 - share) * relative_[i] * decay_of_shortest;
      credits_[exposures[i].influencer] += share + later;
      delay_sum += share * exposures[i].delay_ms + later * (exposures[i].delay_ms + delay_ms);
      weight += share + later;
    }
  }

  std::vector<double> probabilities_;
  std::vector<double> credits_;
  std::vector<double> relative_;
};

absl::Status check(const ListenGraph& graph, const ActionLog& log, const LearnOptions& options) {
  const auto above_zero = [](double x) { return x > 0.0 && std::isfinite(x); };
  if (!above_zero(options.prior_trials) || !above_zero(options.prior_delays)) {
    return absl::InvalidArgumentError("a prior is not above 0");
  }
  if (options.rounds == 0) return absl::InvalidArgumentError("there are no rounds");
  if (log.people() != graph.vertices()) {
    return absl::InvalidArgumentError("the actions are not of this graph's people");
  }
  return absl::OkStatus();
}

float influenceability(const ListenerExposures& listener, double delay_ms) {
  if (listener.actions() == 0) return 0.0F;
  std::size_t influenced = 0;
  for (std::size_t action = 0; action != listener.actions(); ++action) {
    const auto exposures = listener.of(action);
    if (!exposures.empty() && shortest_delay(exposures) <= delay_ms) ++influenced;
  }
  return static_cast<float>(influenced) / static_cast<float>(listener.actions());
}

// The same probabilities in the order of influencers: listeners come in increasing order, and so
// does each influencer's list of them.
std::vector<float> by_influencer(const ListenGraph& graph, std::span<const float> by_listener) {
  std::vector<float> turned(by_listener.size());
  std::vector<std::size_t> next(graph.listeners.offsets.begin(), graph.listeners.offsets.end());
  for (std::size_t edge = 0; edge != by_listener.size(); ++edge) {
    turned[next[graph.influencers.neighbors[edge]]++] = by_listener[edge];
  }
  return turned;
}

}  // namespace

absl::StatusOr<LearnedProbabilities> learn_probabilities(const ListenGraph& graph,
                                                         std::span<const Action> actions,
                                                         const LearnOptions& options,
                                                         const Stop& stop) {
  absl::StatusOr<ActionLog> log = build_action_log(actions, graph.vertices());
  if (!log.ok()) return log.status();
  const auto contents = static_cast<std::uint32_t>(log->begins.size());
  return learn_probabilities(graph, *log, contents, options, stop);
}

absl::StatusOr<LearnedProbabilities> learn_probabilities(const ListenGraph& graph,
                                                         const ActionLog& log,
                                                         std::uint32_t content_end,
                                                         const LearnOptions& options,
                                                         const Stop& stop) {
  if (absl::Status status = check(graph, log, options); !status.ok()) return status;
  const std::size_t n = graph.vertices();
  const ActionsBelow below(log, content_end);
  struct Worker {
    ListenerExposures listener;
    ListenerModel model;
    Tally tally;
  };
  WorkerLocal<Worker> workers([] { return Worker(); });
  for_each_block(n, kListenersPerBlock, [&](std::size_t begin, std::size_t end) {
    if (stop.requested()) return;
    Worker& mine = workers.mine();
    for (std::size_t u = begin; u != end; ++u) {
      mine.listener.find(graph, below, static_cast<Vertex>(u));
      mine.tally.add(mine.listener);
    }
  });
  if (stop.requested()) return absl::CancelledError();
  Tally tally;
  workers.for_each_made([&](const Worker& worker) { tally.add(worker.tally); });
  if (tally.actions_exposed == 0) {
    return absl::FailedPreconditionError("nobody acted after anyone they listen to");
  }

  LearnedProbabilities learned;
  learned.global_probability = likeliest_constant(tally);
  learned.global_delay_ms =
      static_cast<double>(tally.shortest_delays_ms) / static_cast<double>(tally.actions_exposed);
  learned.actions_exposed = tally.actions_exposed;
  learned.trials = tally.trials;
  learned.edges_tried = tally.edges_tried;
  learned.edges_succeeded = tally.edges_succeeded;
  learned.contents = below.contents;
  learned.actions = below.actions;
  learned.delay_ms.resize(n);
  learned.influenceability.resize(n);
  std::vector<float>& probabilities = learned.probabilities.from_influencers;
  probabilities.resize(graph.edges());
  for_each_block(n, kListenersPerBlock, [&](std::size_t begin, std::size_t end) {
    if (stop.requested()) return;
    Worker& mine = workers.mine();
    for (std::size_t u = begin; u != end; ++u) {
      mine.listener.find(graph, below, static_cast<Vertex>(u));
      learned.delay_ms[u] = mine.model.learn(mine.listener, options, learned.global_probability,
                                             learned.global_delay_ms);
      learned.influenceability[u] = influenceability(mine.listener, learned.delay_ms[u]);
      std::ranges::transform(
          mine.model.probabilities(),
          probabilities.begin() + static_cast<std::ptrdiff_t>(graph.influencers.offsets[u]),
          [](double p) { return static_cast<float>(p); });
    }
  });
  if (stop.requested()) return absl::CancelledError();
  learned.probabilities.to_listeners = by_influencer(graph, probabilities);
  return learned;
}

}  // namespace grapevine
