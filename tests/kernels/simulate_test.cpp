#include "kernels/propagation/simulate.hpp"

#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <utility>

#include <gmock/gmock.h>

#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/probability.hpp"
#include "kernels/propagation/run_counter.hpp"
#include "kernels/propagation/speech_plan.hpp"
#include "kernels/propagation/spread_reference.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

std::vector<float> random_probabilities(const ListenGraph& graph, std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  std::vector<float> probabilities(graph.edges());
  for (float& p : probabilities) p = static_cast<float>(draw() % 101) / 100.0F;
  return probabilities;
}

// Some certain, some impossible, most of them small enough to be drawn together.
std::vector<float> small_probabilities(const ListenGraph& graph, std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  std::vector<float> probabilities(graph.edges());
  for (float& p : probabilities) {
    const std::uint64_t kind = draw() % 20;
    p = kind == 0 ? 1.0F : kind == 1 ? 0.0F : static_cast<float>(draw() % 1000) / 20'000.0F;
  }
  return probabilities;
}

// The kernel's coins, one run at a time: those of listeners drawn together are looked up among the
// picks of all speakers.
class CoinsOfPlan {
 public:
  CoinsOfPlan(const ListenGraph& graph, std::span<const float> probabilities, std::uint64_t seed)
      : plan_(plan_speeches(graph, probabilities, {}, {}, {.draw_rarely = true})), seed_(seed) {
    for (const Speech& speech : plan_.speeches) {
      for (const RareChunk& chunk : plan_.rare_of(speech)) {
        for (std::size_t slot = chunk.begin; slot != chunk.begin + chunk.slots; ++slot) {
          drawn_together_.insert({speech.speaker, plan_.people[plan_.rare.slots[slot].first]});
        }
      }
    }
  }

  bool operator()(std::size_t run, Vertex from, Vertex to, float p) {
    if (!drawn_together_.contains({from, to})) return word_passes_in_run(seed_, run, from, to, p);
    const auto [picked, is_new] = picked_.try_emplace({run, from});
    if (is_new) {
      const std::uint64_t key = block_key(seed_, run / kRunsPerBlock);
      const auto speech = std::ranges::find(plan_.speeches, from, &Speech::speaker);
      pick_rare(plan_.rare, plan_.rare_of(*speech), rare_stream(key, from, run % kRunsPerBlock),
                [&](const RarePick& pick) { picked->second.insert(plan_.people[pick.place()]); });
    }
    return picked->second.contains(to);
  }

  std::size_t drawn_together() const { return drawn_together_.size(); }

 private:
  SpeechPlan plan_;
  std::uint64_t seed_;
  std::set<std::pair<Vertex, Vertex>> drawn_together_;
  std::map<std::pair<std::size_t, Vertex>, std::set<Vertex>> picked_;
};

// Every second person.
std::vector<std::uint64_t> half_of(const ListenGraph& graph) {
  std::vector<std::uint64_t> mask(mask_words(graph.vertices()));
  for (std::size_t v = 0; v < graph.vertices(); v += 2)
    mask[v / 64] |= std::uint64_t{1} << (v % 64);
  return mask;
}

TEST(RunCounter, CountsEachRun) {
  for (const std::size_t words : {0, 1, 7, 8, 9, 63, 64, 65, 1000}) {
    std::mt19937_64 draw(words);
    RunCounter counter;
    std::array<std::uint32_t, 64> expected{};
    for (int again = 0; again != 2; ++again) {
      expected = {};
      for (std::size_t i = 0; i != words; ++i) {
        const std::uint64_t runs = draw() | draw();
        counter.add(runs);
        for (std::size_t run = 0; run != 64; ++run) expected[run] += (runs >> run & 1) != 0 ? 1 : 0;
        const auto times = static_cast<std::uint32_t>(draw() % 1000);
        counter.add(runs, times);
        for (std::size_t run = 0; run != 64; ++run)
          expected[run] += (runs >> run & 1) != 0 ? times : 0;
      }
      EXPECT_EQ(counter.take(), expected);
    }
  }
}

// Fused words and one run at a time draw the same coins, so they agree on every figure exactly.
TEST(Simulate, AgreesWithOneRunAtATimeToTheBit) {
  for (const std::size_t people : {1, 2, 3, 63, 64, 65, 200}) {
    const ListenGraph graph = random_listen_graph(people, 4 * people, people);
    // Half of the graphs have listeners who are drawn together.
    const bool small = people % 3 != 0;
    const auto probabilities =
        small ? small_probabilities(graph, people) : random_probabilities(graph, people);
    CoinsOfPlan coins(graph, probabilities, 5);
    if (people >= 64) {
      EXPECT_EQ(coins.drawn_together() > 20, small);
    }
    const auto mask = half_of(graph);
    std::vector<Vertex> seeds{0, 0};
    if (graph.vertices() > 40) seeds = {3, 17, 40};
    for (const std::size_t simulations : {1, 2, 63, 64, 65, 200}) {
      for (const std::size_t horizon : {0, 1, 2}) {
        for (const bool everyone : {true, false}) {
          SCOPED_TRACE(testing::Message() << "people=" << people << " simulations=" << simulations
                                          << " horizon=" << horizon << " everyone=" << everyone);
          const SimulateOptions options{.simulations = simulations,
                                        .horizon = horizon,
                                        .random_seed = 5,
                                        .audience = everyone ? VertexMask() : VertexMask(mask)};
          const auto estimate = simulate(graph, probabilities, seeds, options, Stop()).value();

          const Coin coin = [&](std::size_t run, Vertex from, Vertex to, float p) {
            return coins(run, from, to, p);
          };
          std::vector<double> spreads;
          std::vector<std::vector<double>> by_step;
          for (std::size_t run = 0; run != simulations; ++run) {
            const auto steps =
                run_reference(graph, probabilities, seeds, horizon, options.audience, run, coin);
            spreads.push_back(std::accumulate(steps.begin(), steps.end(), 0.0));
            if (by_step.size() < steps.size())
              by_step.resize(steps.size(), std::vector<double>(simulations));
            for (std::size_t step = 0; step != steps.size(); ++step)
              by_step[step][run] = steps[step];
          }
          const auto mean = [&](const std::vector<double>& values) {
            return std::accumulate(values.begin(), values.end(), 0.0) /
                   static_cast<double>(simulations);
          };
          const auto percentile = [&](std::vector<double> values, std::size_t percent) {
            std::ranges::sort(values);
            return values[(std::max<std::size_t>(percent * values.size(), 1) + 99) / 100 - 1];
          };
          EXPECT_EQ(estimate.mean, mean(spreads));
          EXPECT_EQ(estimate.p05, percentile(spreads, 5));
          EXPECT_EQ(estimate.p50, percentile(spreads, 50));
          EXPECT_EQ(estimate.p95, percentile(spreads, 95));
          ASSERT_LE(estimate.curve.size(), by_step.size());
          for (std::size_t step = 0; step != by_step.size(); ++step) {
            if (step >= estimate.curve.size()) {
              EXPECT_EQ(mean(by_step[step]), 0.0);
              continue;
            }
            EXPECT_EQ(estimate.curve[step].mean, mean(by_step[step]));
            EXPECT_EQ(estimate.curve[step].p05, percentile(by_step[step], 5));
            EXPECT_EQ(estimate.curve[step].p95, percentile(by_step[step], 95));
          }
        }
      }
    }
  }
}

TEST(Simulate, AgreesWithEveryOutcomeOfASmallGraph) {
  for (std::uint64_t seed = 1; seed != 9; ++seed) {
    const ListenGraph graph = random_listen_graph(8, 12, seed);
    ASSERT_LE(graph.edges(), 12U);
    const auto probabilities = random_probabilities(graph, seed);
    const auto mask = half_of(graph);
    for (const std::size_t horizon : {0, 1, 2}) {
      for (const VertexMask audience : {VertexMask(), VertexMask(mask)}) {
        const Vertex seeds[] = {0, 2};
        const SimulateOptions options{
            .simulations = 40'000, .horizon = horizon, .random_seed = seed, .audience = audience};
        const auto estimate = simulate(graph, probabilities, seeds, options, Stop()).value();
        const double exact = spread_reference(graph, probabilities, seeds, horizon, audience);
        EXPECT_NEAR(estimate.mean, exact, 4.0 * estimate.standard_error + 1e-12) << "seed=" << seed;
      }
    }
  }
}

// A star: every listener hears the seed alone, seldom.
TEST(Simulate, ReachesRareListenersAsOftenAsItShould) {
  std::vector<SocialTie> ties;
  for (std::uint32_t i = 1; i != 600; ++i) ties.push_back({CustomerId(0), CustomerId(i)});
  const ListenGraph graph = graph_of(ties);
  std::vector<float> probabilities;
  std::vector<std::uint16_t> alone(graph.vertices());
  double expected = 1.0;
  double variance = 0.0;
  for (std::size_t edge = 0; edge != graph.edges(); ++edge) {
    probabilities.push_back(std::ldexp(0.03F, -static_cast<int>(edge % 8)));
    const auto p = static_cast<double>(probabilities.back());
    expected += p;
    variance += p * (1.0 - p);
  }
  std::iota(alone.begin(), alone.end(), std::uint16_t{0});
  const Vertex seeds[] = {0};
  constexpr std::size_t kRuns = 100'000;
  SimulateOptions options{.simulations = kRuns, .random_seed = 3};
  options.groupings = {{alone, alone.size()}};
  const auto estimate = simulate(graph, probabilities, seeds, options, Stop()).value();
  EXPECT_NEAR(estimate.mean, expected, 4.0 * std::sqrt(variance / kRuns));
  EXPECT_NEAR(estimate.standard_error, std::sqrt(variance / kRuns), 0.02 * estimate.standard_error);
  double chi_square = 0.0;
  for (std::size_t edge = 0; edge != graph.edges(); ++edge) {
    const auto p = static_cast<double>(probabilities[edge]);
    const double off = estimate.groups[0][graph.listeners.neighbors[edge]].mean - p;
    chi_square += off * off / (p * (1.0 - p) / kRuns);
  }
  const auto edges = static_cast<double>(graph.edges());
  EXPECT_NEAR(chi_square, edges, 4.0 * std::sqrt(2.0 * edges));
}

TEST(Simulate, AgreesWithAnOrdinaryGenerator) {
  const ListenGraph graph = random_listen_graph(2000, 6000, 3);
  const auto probabilities = pass_probabilities(graph, WeightedCascade()).value().to_listeners;
  const std::vector<Vertex> seeds{0, 1, 2, 100};
  const auto estimate =
      simulate(graph, probabilities, seeds, {.simulations = 2000}, Stop()).value();
  std::mt19937_64 draw(1);
  const Coin coin = [&draw](std::size_t, Vertex, Vertex, float p) {
    return std::uniform_real_distribution<float>()(draw) < p;
  };
  double sum = 0.0;
  double squares = 0.0;
  constexpr double kRuns = 2000;
  for (std::size_t run = 0; run != 2000; ++run) {
    const auto steps = run_reference(graph, probabilities, seeds, 0, {}, run, coin);
    const double spread = std::accumulate(steps.begin(), steps.end(), 0.0);
    sum += spread;
    squares += spread * spread;
  }
  const double variance = (squares - sum * sum / kRuns) / (kRuns - 1);
  EXPECT_NEAR(estimate.standard_error, std::sqrt(variance / kRuns), 0.1 * estimate.standard_error);
  EXPECT_NEAR(estimate.mean, sum / kRuns,
              3.0 * std::hypot(estimate.standard_error, std::sqrt(variance / kRuns)));
}

TEST(Simulate, ALongChainIsWalkedToItsEndAndTheCurveIsCut) {
  std::vector<SocialTie> ties;
  for (std::uint32_t i = 0; i != 5000; ++i) ties.push_back({CustomerId(i), CustomerId(i + 1)});
  const ListenGraph graph = graph_of(ties);
  const std::vector<float> certain(graph.edges(), 1.0F);
  const Vertex seeds[] = {0};
  const auto whole = simulate(graph, certain, seeds, {.simulations = 70}, Stop()).value();
  EXPECT_EQ(whole.mean, 5001.0);
  EXPECT_EQ(whole.standard_error, 0.0);
  EXPECT_EQ(whole.p05, 5001.0);
  EXPECT_EQ(whole.edge_trials, 70U * 5000);
  EXPECT_LE(whole.curve.size(), 102U);
  const auto part =
      simulate(graph, certain, seeds, {.simulations = 70, .horizon = 30}, Stop()).value();
  EXPECT_EQ(part.mean, 31.0);
  EXPECT_EQ(part.curve.size(), 31U);
}

// 0 is heard by 1, 2 and 3, who hear nobody else and are heard by nobody; 3 is a seed too.
TEST(Simulate, DeadEndsCountOnceAndOnlyInTheAudience) {
  const auto id = [](std::uint32_t number) { return CustomerId(number); };
  const ListenGraph graph = graph_of({{id(0), id(1)}, {id(0), id(2)}, {id(0), id(3)}});
  const std::vector<float> probabilities{1.0F, 0.5F, 1.0F};
  const Vertex seeds[] = {0, 3};
  const std::uint64_t some[] = {0b1010};
  for (const VertexMask audience : {VertexMask(), VertexMask(some)}) {
    const auto estimate =
        simulate(graph, probabilities, seeds, {.simulations = 50'000, .audience = audience}, Stop())
            .value();
    const double exact = spread_reference(graph, probabilities, seeds, 0, audience);
    EXPECT_NEAR(estimate.mean, exact, 4.0 * estimate.standard_error + 1e-12);
    EXPECT_EQ(estimate.edge_trials, 150'000U);
  }
}

TEST(Simulate, NobodySpreadsToNobody) {
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const std::vector<float> certain(graph.edges(), 1.0F);
  const auto estimate = simulate(graph, certain, {}, {.simulations = 3}, Stop()).value();
  EXPECT_EQ(estimate.mean, 0.0);
  EXPECT_EQ(estimate.curve.size(), 1U);
  EXPECT_EQ(simulate(graph_of({}), {}, {}, {}, Stop()).value().mean, 0.0);
}

TEST(Simulate, SameBitsForAnyNumberOfThreads) {
  const ListenGraph graph = random_listen_graph(20'000, 60'000, 1);
  const auto probabilities = pass_probabilities(graph, WeightedCascade()).value().to_listeners;
  const Vertex seeds[] = {0, 1, 2, 3, 4, 5};
  std::vector<std::uint16_t> groups(graph.vertices());
  for (std::size_t v = 0; v != groups.size(); ++v) groups[v] = static_cast<std::uint16_t>(v % 100);
  SimulateOptions options{.simulations = 1000};
  options.groupings = {{groups, 100}};
  const auto figures = [&] {
    const auto e = simulate(graph, probabilities, seeds, options, Stop()).value();
    std::vector<double> all{
        e.mean, e.standard_error, e.p05, e.p50, e.p95, static_cast<double>(e.edge_trials)};
    for (const CurveStep& step : e.curve) all.insert(all.end(), {step.mean, step.p05, step.p95});
    for (const GroupSpread& group : e.groups[0])
      all.insert(all.end(), {group.mean, group.standard_error});
    return all;
  };
  EXPECT_EQ(with_threads(1, figures), with_threads(2, figures));
  EXPECT_EQ(with_threads(1, figures), with_threads(8, figures));
}

TEST(Simulate, RefusesWhatDoesNotFitTheGraph) {
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const std::vector<float> certain(graph.edges(), 1.0F);
  const std::uint64_t wide[] = {1, 1};
  const Vertex outside[] = {10};
  const auto code = [&](std::span<const float> p, std::span<const Vertex> seeds,
                        SimulateOptions options) {
    return simulate(graph, p, seeds, options, Stop()).status().code();
  };
  EXPECT_EQ(code(certain, {}, {.simulations = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(certain, outside, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({}, {}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(certain, {}, {.audience = wide}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(certain, {}, {.model = CascadeModel::LinearThreshold}),
            absl::StatusCode::kInvalidArgument);
  const std::vector<std::uint16_t> groups(graph.vertices(), 2);
  SimulateOptions grouped;
  grouped.groupings = {{groups, 3}};
  EXPECT_EQ(code(certain, {}, grouped), absl::StatusCode::kOk);
  grouped.groupings = {{groups, 2}};
  EXPECT_EQ(code(certain, {}, grouped), absl::StatusCode::kInvalidArgument);
  grouped.groupings = {{groups, 65'536}};
  EXPECT_EQ(code(certain, {}, grouped), absl::StatusCode::kInvalidArgument);
  grouped.groupings = {{std::span(groups).first(9), 3}};
  EXPECT_EQ(code(certain, {}, grouped), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(pass_probabilities(graph, ConstantProbability{1.5}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Simulate, Stops) {
  Stop stop;
  stop.request();
  const ListenGraph graph = random_listen_graph(10, 20, 1);
  const std::vector<float> certain(graph.edges(), 1.0F);
  EXPECT_EQ(simulate(graph, certain, {}, {}, stop).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine
