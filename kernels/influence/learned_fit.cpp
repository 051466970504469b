#include "kernels/influence/learned_fit.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <tuple>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kContentsPerBlock = 16;
constexpr TimeMs kNever = std::numeric_limits<TimeMs>::max();

absl::StatusOr<std::uint32_t> first_held_out(const ActionLog& log, double share) {
  if (!(share > 0.0 && share < 1.0)) {
    return absl::InvalidArgumentError("the share held out is not in (0, 1)");
  }
  const std::size_t contents = log.begins.size();
  if (contents < 2) return absl::FailedPreconditionError("there are fewer than 2 contents");
  const auto wanted = static_cast<std::size_t>(std::ceil(share * static_cast<double>(contents)));
  return static_cast<std::uint32_t>(contents - std::clamp<std::size_t>(wanted, 1, contents - 1));
}

struct Actor {
  TimeMs time;
  Vertex person;
};

// Who acted on each content that was held out, in order of time.
struct HeldOut {
  std::vector<std::size_t> offsets;
  std::vector<Actor> actors;

  [[nodiscard]] std::size_t contents() const { return offsets.size() - 1; }
  [[nodiscard]] std::span<const Actor> of(std::size_t content) const {
    return std::span(actors).subspan(offsets[content], offsets[content + 1] - offsets[content]);
  }
};

HeldOut held_out(const ActionLog& log, std::uint32_t first) {
  std::vector<std::uint32_t> contents;
  std::vector<Actor> actors;
  for (Vertex v = 0; v != log.people(); ++v) {
    for (std::size_t i = log.offsets[v]; i != log.offsets[v + 1]; ++i) {
      if (log.contents[i] < first) continue;
      contents.push_back(log.contents[i] - first);
      actors.push_back({log.times[i], v});
    }
  }
  HeldOut held;
  held.actors.resize(actors.size());
  held.offsets = group_stably(
      actors.size(), log.begins.size() - first, [&](std::size_t i) { return contents[i]; },
      [&](std::size_t i, std::size_t position) { held.actors[position] = actors[i]; });
  for_each_block(held.contents(), kContentsPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t content = begin; content != end; ++content) {
      std::sort(held.actors.begin() + static_cast<std::ptrdiff_t>(held.offsets[content]),
                held.actors.begin() + static_cast<std::ptrdiff_t>(held.offsets[content + 1]),
                [](const Actor& a, const Actor& b) {
                  return std::tie(a.time, a.person) < std::tie(b.time, b.person);
                });
    }
  });
  return held;
}

// A person and a content held out that they were exposed to.
struct Exposed {
  float learned;
  float cascade;
  std::uint32_t influencers : 31;
  std::uint32_t acted : 1;
};

// Finds who was exposed to a content, one content after the other.
class Audience {
 public:
  explicit Audience(std::size_t people) : acted_at_(people, kNever), heard_(people) {}

  void expose(const ListenGraph& graph, std::span<const float> learned,
              std::span<const Actor> actors, std::vector<Exposed>& exposed) {
    for (const Actor& actor : actors) acted_at_[actor.person] = actor.time;
    for (const Actor& actor : actors) {
      const std::size_t begin = graph.listeners.offsets[actor.person];
      const std::size_t end = graph.listeners.offsets[actor.person + 1];
      for (std::size_t edge = begin; edge != end; ++edge) {
        const Vertex listener = graph.listeners.neighbors[edge];
        if (acted_at_[listener] <= actor.time && acted_at_[listener] != kNever) continue;
        Heard& heard = heard_[listener];
        if (heard.influencers++ == 0) listeners_.push_back(listener);
        heard.learned_fails *= 1.0 - static_cast<double>(learned[edge]);
        heard.cascade_fails *=
            1.0 - std::min(static_cast<double>(graph.listeners.weights[edge]), 1.0);
      }
    }
    for (const Vertex listener : listeners_) {
      const Heard& heard = heard_[listener];
      exposed.push_back({static_cast<float>(1.0 - heard.learned_fails),
                         static_cast<float>(1.0 - heard.cascade_fails), heard.influencers,
                         acted_at_[listener] != kNever});
      heard_[listener] = {};
    }
    listeners_.clear();
    for (const Actor& actor : actors) acted_at_[actor.person] = kNever;
  }

 private:
  struct Heard {
    double learned_fails = 1.0;
    double cascade_fails = 1.0;
    std::uint32_t influencers : 31 = 0;
  };
  std::vector<TimeMs> acted_at_;
  std::vector<Heard> heard_;
  std::vector<Vertex> listeners_;
};

absl::StatusOr<std::vector<std::vector<Exposed>>> everyone_exposed(const ListenGraph& graph,
                                                                   std::span<const float> learned,
                                                                   const HeldOut& held,
                                                                   std::size_t predictions_max,
                                                                   const Stop& stop) {
  std::vector<std::vector<Exposed>> exposed(blocks_of(held.contents(), kContentsPerBlock));
  std::atomic<std::size_t> predictions = 0;  // Once a block: whether all are too many is certain.
  WorkerLocal<Audience> audiences([&] { return Audience(graph.vertices()); });
  for_each_block(held.contents(), kContentsPerBlock, [&](std::size_t begin, std::size_t end) {
    std::vector<Exposed>& mine = exposed[begin / kContentsPerBlock];
    for (std::size_t content = begin; content != end; ++content) {
      if (stop.requested() || predictions > predictions_max) return;
      const std::size_t before = mine.size();
      audiences.mine().expose(graph, learned, held.of(content), mine);
      predictions += mine.size() - before;
    }
  });
  if (stop.requested()) return absl::CancelledError();
  if (predictions > predictions_max) {
    return absl::ResourceExhaustedError("more people are exposed than predictions_max");
  }
  return exposed;
}

// Predicts for everyone by one rule, and judges it.
template <typename Predict>
PredictionFit judge(const std::vector<std::vector<Exposed>>& exposed, std::size_t count,
                    const Predict& predict) {
  std::vector<Prediction> predictions;
  predictions.reserve(count);
  for (const auto& block : exposed) {
    for (const Exposed& one : block) predictions.push_back({predict(one), one.acted != 0});
  }
  return fit_of(predictions);
}

}  // namespace

absl::StatusOr<TimeMs> held_out_from(std::span<const Action> actions, double held_out_share) {
  std::vector<Action> of_one(actions.begin(), actions.end());
  for (Action& action : of_one) action.person = 0;
  const absl::StatusOr<ActionLog> log = build_action_log(of_one, 1);
  if (!log.ok()) return log.status();
  const absl::StatusOr<std::uint32_t> first = first_held_out(*log, held_out_share);
  if (!first.ok()) return first.status();
  return log->begins[*first];
}

absl::StatusOr<LearnedFit> fit_learned(const ListenGraph& graph, std::span<const Action> actions,
                                       const FitOptions& options, const Stop& stop) {
  const absl::StatusOr<ActionLog> log = build_action_log(actions, graph.vertices());
  if (!log.ok()) return log.status();
  const absl::StatusOr<std::uint32_t> first = first_held_out(*log, options.held_out_share);
  if (!first.ok()) return first.status();
  const absl::StatusOr<LearnedProbabilities> learned =
      learn_probabilities(graph, *log, *first, options.learn, stop);
  if (!learned.ok()) return learned.status();
  const HeldOut held = held_out(*log, *first);
  const auto exposed = everyone_exposed(graph, learned->probabilities.to_listeners, held,
                                        options.predictions_max, stop);
  if (!exposed.ok()) return exposed.status();

  LearnedFit fit;
  fit.contents_trained = *first;
  fit.contents_held_out = held.contents();
  fit.held_out_from = log->begins[*first];
  fit.constant_p = learned->global_probability;
  for (const auto& block : *exposed) {
    fit.predictions += block.size();
    fit.acted += static_cast<std::size_t>(
        std::ranges::count_if(block, [](const Exposed& one) { return one.acted != 0; }));
  }
  if (fit.predictions == 0) {
    return absl::FailedPreconditionError("nobody was exposed to what was held out");
  }
  fit.learned = judge(*exposed, fit.predictions, [](const Exposed& one) { return one.learned; });
  fit.weighted_cascade =
      judge(*exposed, fit.predictions, [](const Exposed& one) { return one.cascade; });
  const double log_fails = std::log1p(-fit.constant_p);
  fit.constant = judge(*exposed, fit.predictions, [&](const Exposed& one) {
    return static_cast<float>(-std::expm1(log_fails * static_cast<double>(one.influencers)));
  });
  return fit;
}

}  // namespace grapevine
