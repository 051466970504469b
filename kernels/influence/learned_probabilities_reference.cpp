#include "kernels/influence/learned_probabilities_reference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

namespace grapevine {
namespace {

// One action of a listener after those of some influencers.
struct Cause {
  std::size_t edge;
  double delay_ms;
};
using Causes = std::vector<Cause>;

std::optional<TimeMs> when(const FirstActions& actions, std::uint32_t content, Vertex person) {
  const auto found = actions.find({content, person});
  return found == actions.end() ? std::nullopt : std::optional(found->second);
}

std::set<std::uint32_t> contents_of(const FirstActions& actions) {
  std::set<std::uint32_t> contents;
  for (const auto& [key, time] : actions) contents.insert(key.first);
  return contents;
}

double log_likelihood(const std::map<std::size_t, double>& by_causes, double failed, double p) {
  double sum = failed * std::log(1.0 - p);
  for (const auto& [causes, count] : by_causes) {
    sum += count * std::log(1.0 - std::pow(1.0 - p, static_cast<double>(causes)));
  }
  return sum;
}

double shortest(const Causes& causes) {
  double least = std::numeric_limits<double>::infinity();
  for (const Cause& cause : causes) least = std::min(least, cause.delay_ms);
  return least;
}

}  // namespace

FirstActions first_actions_reference(std::span<const Action> actions) {
  FirstActions first;
  for (const Action& action : actions) {
    const auto [at, fresh] = first.try_emplace({action.content, action.person}, action.time_ms);
    if (!fresh) at->second = std::min(at->second, action.time_ms);
  }
  return first;
}

LearnedProbabilities learn_probabilities_reference(const ListenGraph& graph,
                                                   const FirstActions& actions,
                                                   const LearnOptions& options) {
  const std::size_t n = graph.vertices();
  const std::set<std::uint32_t> contents = contents_of(actions);
  std::vector<double> trials(graph.edges());
  std::vector<double> followed(graph.edges());
  std::vector<std::vector<Causes>> of(n);
  for (Vertex u = 0; u != n; ++u) {
    for (const std::uint32_t content : contents) {
      const auto acted = when(actions, content, u);
      Causes causes;
      for (std::size_t i = 0; i != graph.influencers.degree(u); ++i) {
        const std::size_t edge = graph.influencers.offsets[u] + i;
        const auto before = when(actions, content, graph.influencers.of(u)[i]);
        if (!before || (acted && *acted <= *before)) continue;
        ++trials[edge];
        if (!acted) continue;
        ++followed[edge];
        causes.push_back({edge, static_cast<double>(*acted - *before)});
      }
      if (acted) of[u].push_back(causes);
    }
  }

  LearnedProbabilities learned;
  learned.contents = contents.size();
  learned.actions = actions.size();
  std::map<std::size_t, double> by_causes;
  double failed = 0.0;
  double delays = 0.0;
  for (const auto& listener : of) {
    for (const Causes& causes : listener) {
      if (causes.empty()) continue;
      ++by_causes[causes.size()];
      ++learned.actions_exposed;
      delays += shortest(causes);
    }
  }
  for (std::size_t edge = 0; edge != graph.edges(); ++edge) {
    learned.trials += static_cast<std::uint64_t>(trials[edge]);
    learned.edges_tried += trials[edge] > 0.0 ? 1 : 0;
    learned.edges_succeeded += followed[edge] > 0.0 ? 1 : 0;
    failed += trials[edge] - followed[edge];
  }
  learned.global_probability = 0.5;
  for (const double step : {1e-3, 1e-5, 1e-7}) {
    const double center = learned.global_probability;
    double best = -std::numeric_limits<double>::infinity();
    for (int i = -500; i <= 500; ++i) {
      const double p = std::clamp(center + i * step, 1e-7, 1.0 - 1e-7);
      const double likelihood = log_likelihood(by_causes, failed, p);
      if (likelihood > best) learned.global_probability = p;
      best = std::max(best, likelihood);
    }
  }
  learned.global_delay_ms = delays / static_cast<double>(learned.actions_exposed);

  const double g = learned.global_probability;
  const double k = options.prior_trials;
  const double l = options.prior_delays;
  std::vector<double> p(graph.edges(), g);
  for (const auto& listener : of) {
    double sum = l * learned.global_delay_ms;
    double count = l;
    for (const Causes& causes : listener) {
      if (!causes.empty()) sum += shortest(causes), count += 1.0;
    }
    double tau = sum / count;
    for (std::size_t round = 0; round != options.rounds; ++round) {
      std::map<std::size_t, double> credits;
      sum = l * learned.global_delay_ms;
      count = l;
      for (const Causes& causes : listener) {
        std::vector<double> h;
        double all = 0.0;
        for (const Cause& cause : causes) {
          const double e = std::exp(-cause.delay_ms / tau);
          h.push_back(p[cause.edge] * e / (1.0 - p[cause.edge] * (1.0 - e)));
          all += h.back();
        }
        for (std::size_t i = 0; i != causes.size(); ++i) {
          const double share = h[i] / all;
          const double later = (1.0 - share) * h[i];
          credits[causes[i].edge] += share + later;
          sum += share * causes[i].delay_ms + later * (causes[i].delay_ms + tau);
          count += share + later;
        }
      }
      for (const auto& [edge, credit] : credits) p[edge] = (credit + k * g) / (trials[edge] + k);
      tau = sum / count;
    }
    learned.delay_ms.push_back(tau);
    double influenced = 0.0;
    for (const Causes& causes : listener) influenced += shortest(causes) <= tau ? 1.0 : 0.0;
    const auto own = static_cast<double>(listener.size());
    learned.influenceability.push_back(static_cast<float>(own > 0.0 ? influenced / own : 0.0));
  }
  for (std::size_t edge = 0; edge != graph.edges(); ++edge) {
    if (followed[edge] == 0.0) p[edge] = k * g / (trials[edge] + k);
    learned.probabilities.from_influencers.push_back(static_cast<float>(p[edge]));
  }
  return learned;
}

std::vector<Prediction> predictions_reference(const ListenGraph& graph, const FirstActions& actions,
                                              std::span<const float> from_influencers) {
  std::vector<Prediction> predictions;
  for (const std::uint32_t content : contents_of(actions)) {
    for (Vertex u = 0; u != graph.vertices(); ++u) {
      const auto acted = when(actions, content, u);
      double fails = 1.0;
      bool exposed = false;
      for (std::size_t i = 0; i != graph.influencers.degree(u); ++i) {
        const auto before = when(actions, content, graph.influencers.of(u)[i]);
        if (!before || (acted && *acted <= *before)) continue;
        exposed = true;
        fails *= 1.0 - static_cast<double>(from_influencers[graph.influencers.offsets[u] + i]);
      }
      if (exposed) predictions.push_back({static_cast<float>(1.0 - fails), acted.has_value()});
    }
  }
  return predictions;
}

}  // namespace grapevine
