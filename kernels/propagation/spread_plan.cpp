#include "kernels/propagation/spread_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPeoplePerBlock = 2048;
constexpr std::uint32_t kFolded = std::numeric_limits<std::uint32_t>::max();
// Below this many edges, or above this chance, a coin for each costs less than logarithms.
constexpr std::size_t kSkipDegreeMin = 12;
constexpr float kSkipProbabilityMax = 0.25F;

// Gives places; returns them by vertex.
std::vector<std::uint32_t> place_people(const ListenGraph& graph, SpreadPlan& plan) {
  const std::size_t n = graph.vertices();
  std::vector<std::uint32_t> place(n, kFolded);
  const auto take = [&](std::size_t v) {
    place[v] = static_cast<std::uint32_t>(plan.people.size());
    plan.people.push_back(static_cast<Vertex>(v));
  };
  for (std::size_t v = 0; v != n; ++v) {
    if (graph.listeners.degree(static_cast<Vertex>(v)) != 0) take(v);
  }
  plan.heard = plan.people.size();
  for (std::size_t v = 0; v != n; ++v) {
    if (place[v] == kFolded && graph.influencers.degree(static_cast<Vertex>(v)) > 1) take(v);
  }
  return place;
}

// Sums up each listener's probabilities, for a draw of at most one influencer.
std::vector<double> sum_up(const SpreadPlan& plan) {
  std::vector<double> sums(plan.heard_from.size());
  for_each_block(plan.places(), kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t place = begin; place != end; ++place) {
      double sum = 0.0;
      for (std::size_t edge = plan.offsets[place]; edge != plan.offsets[place + 1]; ++edge) {
        sum += static_cast<double>(plan.heard_from[edge].probability);
        sums[edge] = sum;
      }
    }
  });
  return sums;
}

std::vector<EdgeSkip> plan_skips(const SpreadPlan& plan) {
  std::vector<EdgeSkip> skips(plan.places());
  for_each_block(plan.places(), kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t place = begin; place != end; ++place) {
      if (plan.offsets[place + 1] - plan.offsets[place] < kSkipDegreeMin) continue;
      float highest = 0.0F;
      for (std::size_t edge = plan.offsets[place]; edge != plan.offsets[place + 1]; ++edge)
        highest = std::max(highest, plan.heard_from[edge].probability);
      if (highest > kSkipProbabilityMax) continue;
      skips[place] = {static_cast<float>(1.0 / std::log1p(-static_cast<double>(highest))), highest};
    }
  });
  return skips;
}

}  // namespace

SpreadPlan plan_spread(const ListenGraph& graph, std::span<const float> probabilities,
                       std::span<const double> values, CascadeModel model) {
  SpreadPlan plan;
  const std::vector<std::uint32_t> place = place_people(graph, plan);
  const auto value_of = [&](Vertex v) { return values.empty() ? 1.0 : values[v]; };
  const auto walk = [&](std::size_t influencer, const auto& visit) {
    const Vertex v = plan.people[influencer];
    for (std::size_t edge = graph.listeners.offsets[v]; edge != graph.listeners.offsets[v + 1];
         ++edge) {
      if (probabilities[edge] > 0.0F) visit(graph.listeners.neighbors[edge], probabilities[edge]);
    }
  };

  plan.worth.resize(plan.places());
  plan.base.resize(plan.heard);
  plan.passes_offsets.resize(plan.heard + 1);
  std::vector<std::size_t> kept(plan.heard + 1);  // Edges of each influencer that are not folded.
  for_each_block(plan.places(), kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) {
      plan.worth[i] = value_of(plan.people[i]);
      if (i >= plan.heard) continue;
      walk(i, [&](Vertex listener, float probability) {
        const double brings = static_cast<double>(probability) * value_of(listener);
        if (place[listener] == kFolded) plan.worth[i] += brings;
        if (place[listener] != kFolded) ++kept[i];
        if (place[listener] < plan.heard) ++plan.passes_offsets[i];
      });
    }
  });
  plan.passes.resize(exclusive_scan(std::span(plan.passes_offsets)));

  struct Edge {
    std::uint32_t influencer;
    std::uint32_t listener;
    float probability;
  };
  std::vector<Edge> edges(exclusive_scan(std::span(kept)));
  for_each_block(plan.heard, kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) {
      std::size_t next = kept[i];
      std::size_t next_pass = plan.passes_offsets[i];
      plan.base[i] = plan.worth[i];
      walk(i, [&](Vertex listener, float probability) {
        const std::uint32_t to = place[listener];
        if (to == kFolded) return;
        plan.base[i] += static_cast<double>(probability) * plan.worth[to];
        edges[next++] = {static_cast<std::uint32_t>(i), to, probability};
        if (to < plan.heard) plan.passes[next_pass++] = {to, probability};
      });
    }
  });

  plan.heard_from.resize(edges.size());
  plan.offsets = group_stably(
      edges.size(), plan.places(), [&](std::size_t i) { return edges[i].listener; },
      [&](std::size_t i, std::size_t position) {
        plan.heard_from[position] = {edges[i].influencer, edges[i].probability};
      });
  if (model == CascadeModel::LinearThreshold) {
    plan.sums = sum_up(plan);
  } else {
    plan.skips = plan_skips(plan);
  }
  return plan;
}

}  // namespace grapevine
