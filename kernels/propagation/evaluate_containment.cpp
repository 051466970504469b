#include "kernels/propagation/evaluate_containment.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/fused_runs.hpp"
#include "kernels/propagation/moments.hpp"
#include "kernels/propagation/run_counter.hpp"

namespace grapevine {
namespace {

constexpr std::uint32_t kNotChosen = std::numeric_limits<std::uint32_t>::max();

using ByRun = std::array<double, kRunsPerBlock>;

// Values of people reached, by run.
class ReachedValue {
 public:
  explicit ReachedValue(std::span<const double> values) : values_(values) {}

  void add(Vertex v, std::uint64_t runs) {
    if (values_.empty()) return people_.add(runs);
    for (; runs != 0; runs &= runs - 1) {
      sums_[static_cast<std::size_t>(std::countr_zero(runs))] += values_[v];
    }
  }

  // Starts again from nothing.
  ByRun take() {
    if (values_.empty()) {
      const auto counts = people_.take();
      std::ranges::copy(counts, sums_.begin());
    }
    return std::exchange(sums_, {});
  }

 private:
  std::span<const double> values_;
  RunCounter people_;
  ByRun sums_{};
};

struct Figures {
  Moments without;
  Moments with;
  Moments prevented;
  std::vector<Moments> by_person;

  void join(const Figures& other) {
    without.join(other.without);
    with.join(other.with);
    prevented.join(other.prevented);
    by_person.resize(other.by_person.size());
    for (std::size_t i = 0; i != by_person.size(); ++i) by_person[i].join(other.by_person[i]);
  }
};

Figures run_block(const Outbreak& outbreak, std::span<const Vertex> chosen,
                  std::span<const std::uint32_t> place, std::uint64_t key, std::size_t count,
                  FusedRuns& runs) {
  const std::uint64_t all = ~std::uint64_t{0} >> (kRunsPerBlock - count);
  Figures figures;
  figures.by_person.resize(chosen.size());
  ReachedValue value(outbreak.values);
  runs.clear();
  for (const Vertex v : outbreak.spreading) {
    runs.reach(v, all);
    value.add(v, all);
  }
  ByRun with{};
  ByRun prevented{};
  for (std::size_t blocked = chosen.size();; --blocked) {
    runs.spread(
        outbreak.graph, 0,
        [&](Vertex influencer, std::size_t edge, Vertex listener, std::uint64_t speaking) {
          const std::uint64_t asked = speaking & ~runs.reached(listener);
          return asked == 0 ? 0 : outbreak.edges.alive(key, influencer, edge, asked);
        },
        [&](Vertex listener, std::uint64_t newly) {
          // It comes to those who do not pass it on, too, but they do not count.
          if (place[listener] < blocked) return runs.note(listener, newly);
          runs.reach(listener, newly);
          value.add(listener, newly);
        });
    const ByRun newly = value.take();
    for (std::size_t run = 0; run != count; ++run) {
      if (blocked == chosen.size()) {
        with[run] = newly[run];
      } else {
        prevented[run] += newly[run];
        figures.by_person[blocked].add(newly[run]);
      }
    }
    if (blocked == 0) break;
    const Vertex freed = chosen[blocked - 1];
    const std::uint64_t arrived = runs.reached(freed);
    if (arrived == 0) continue;
    value.add(freed, arrived);
    runs.speak(freed, arrived);
  }
  for (std::size_t run = 0; run != count; ++run) {
    figures.with.add(with[run]);
    figures.prevented.add(prevented[run]);
    figures.without.add(with[run] + prevented[run]);
  }
  return figures;
}

MeanOverRuns mean_of(const Moments& moments) { return {moments.mean, moments.standard_error()}; }

}  // namespace

Containment evaluate_containment(const Outbreak& outbreak, std::span<const Vertex> chosen,
                                 std::size_t evaluations, std::uint64_t random_seed,
                                 const Stop& stop) {
  const std::size_t n = outbreak.graph.vertices();
  std::vector<std::uint32_t> place(n, kNotChosen);
  for (std::size_t i = 0; i != chosen.size(); ++i) place[chosen[i]] = static_cast<std::uint32_t>(i);
  std::vector<Figures> blocks(blocks_of(evaluations, kRunsPerBlock));
  WorkerLocal<FusedRuns> scratch([n] { return FusedRuns(n); });
  for_each_block(evaluations, kRunsPerBlock, [&](std::size_t begin, std::size_t end) {
    if (stop.requested()) return;
    const std::size_t block = begin / kRunsPerBlock;
    blocks[block] = run_block(outbreak, chosen, place, block_key(random_seed, block), end - begin,
                              scratch.mine());
  });
  Figures figures;
  for (const Figures& block : blocks) figures.join(block);
  Containment containment;
  containment.spread_without = mean_of(figures.without);
  containment.spread_with = mean_of(figures.with);
  containment.prevented = mean_of(figures.prevented);
  for (std::size_t i = 0; i != figures.by_person.size(); ++i) {
    containment.people.push_back({chosen[i], mean_of(figures.by_person[i])});
  }
  containment.evaluations = evaluations;
  return containment;
}

}  // namespace grapevine
