#include "kernels/propagation/reverse_sets.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSetsPerBlock = 64;
// Below this many edges, or above this chance, a coin for each costs less than logarithms.
constexpr std::size_t kSkipDegreeMin = 12;
constexpr float kSkipProbabilityMax = 0.25F;
// A member takes four bytes in its block, in the arena, in the list of owners and in the inverted
// index.
constexpr std::size_t kBytesPerMember = 4 * sizeof(Vertex);

// One of `count` values, evenly (Lemire's multiplication; the bias is below count / 2^64).
std::size_t pick(std::uint64_t bits, std::size_t count) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>(Wide{bits} * count >> 64);
}

}  // namespace

std::size_t ReverseSets::bytes() const {
  return members.size() * kBytesPerMember + offsets.size() * sizeof(std::size_t);
}

ReverseSampler::ReverseSampler(const ListenGraph& graph, std::span<const float> probabilities,
                               std::span<const Vertex> audience, VertexMask candidates)
    : graph_(graph),
      probabilities_(probabilities),
      audience_(audience),
      candidates_(candidates),
      skips_(graph.vertices()) {
  for_each_block(skips_.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      const std::size_t degree = graph.influencers.degree(static_cast<Vertex>(v));
      if (degree < kSkipDegreeMin) continue;
      const float highest =
          std::ranges::max(probabilities.subspan(graph.influencers.offsets[v], degree));
      if (highest > kSkipProbabilityMax || highest <= 0.0F) continue;
      skips_[v] = {static_cast<float>(1.0 / std::log1p(-static_cast<double>(highest))), highest};
    }
  });
}

// Adds the influencers from whom `listener` happens to hear, each once.
void ReverseSampler::hear(Vertex listener, std::uint64_t stream, Scratch& scratch) const {
  const std::size_t begin = graph_.influencers.offsets[listener];
  const std::size_t degree = graph_.influencers.offsets[listener + 1] - begin;
  const Vertex* const influencers = graph_.influencers.neighbors.data() + begin;
  const float* const probabilities = probabilities_.data() + begin;
  const auto visit = [&scratch](Vertex v) {
    std::uint64_t& word = scratch.visited[v / 64];
    const std::uint64_t bit = std::uint64_t{1} << (v % 64);
    if ((word & bit) != 0) return;
    word |= bit;
    scratch.queue.push_back(v);
  };

  const Skip skip = degree < kSkipDegreeMin ? Skip() : skips_[listener];
  if (skip.per_log == 0.0F) {
    std::uint64_t drawn = 0;
    for (std::size_t edge = 0; edge != degree; ++edge) {  // Two coins of 32 bits a draw.
      const std::uint64_t threshold = quantized(probabilities[edge]);
      drawn = edge % 2 == 0 ? draw_bits(stream, edge / 2) : drawn >> 32;
      if ((drawn & 0xffffffffU) < threshold) visit(influencers[edge]);
    }
    return;
  }
  std::uint64_t number = 0;
  for (double edge = 0.0;; edge += 1.0) {
    // In (0, 1], so that its logarithm is finite.
    const double uniform = (static_cast<double>(draw_bits(stream, number++) >> 11) + 1.0) * 0x1p-53;
    edge += std::floor(std::log(uniform) * static_cast<double>(skip.per_log));
    if (!(edge < static_cast<double>(degree))) return;
    const auto at = static_cast<std::size_t>(edge);
    if (probabilities[at] < skip.probability_max) {
      const double thin = static_cast<double>(draw_bits(stream, number++) >> 11) * 0x1p-53;
      if (!(thin * static_cast<double>(skip.probability_max) <
            static_cast<double>(probabilities[at]))) {
        continue;
      }
    }
    visit(influencers[at]);
  }
}

void ReverseSampler::draw(std::uint64_t stream, Scratch& scratch,
                          std::vector<Vertex>& members) const {
  std::vector<Vertex>& queue = scratch.queue;
  queue.clear();
  const Vertex root = audience_[pick(draw_bits(stream, 0), audience_.size())];
  scratch.visited[root / 64] |= std::uint64_t{1} << (root % 64);
  queue.push_back(root);
  for (std::size_t i = 0; i != queue.size(); ++i) {
    const Vertex listener = queue[i];
    hear(listener, scramble(stream ^ ((std::uint64_t{listener} << 1) + 1)), scratch);
  }
  for (const Vertex v : queue) {
    scratch.visited[v / 64] = 0;
    if (candidates_.empty() || mask_has(candidates_, v)) members.push_back(v);
  }
}

absl::Status ReverseSampler::extend(ReverseSets& sets, std::size_t count, std::uint64_t key,
                                    std::size_t bytes_max, const Stop& stop) const {
  struct Block {
    std::vector<std::size_t> ends;
    std::vector<Vertex> members;
  };
  const std::size_t first = sets.size();
  if (count <= first) return absl::OkStatus();
  std::vector<Block> blocks(blocks_of(count - first, kSetsPerBlock));
  WorkerLocal<Scratch> scratch([this] {
    return Scratch{std::vector<std::uint64_t>(mask_words(graph_.vertices())), {}};
  });
  // All blocks fill one memory. Whether they exceed it does not depend on their order.
  std::atomic<std::size_t> bytes{sets.bytes()};
  const auto exceeded = [&] { return bytes.load(std::memory_order_relaxed) > bytes_max; };
  for_each_block(count - first, kSetsPerBlock, [&](std::size_t begin, std::size_t end) {
    Block& block = blocks[begin / kSetsPerBlock];
    for (std::size_t set = begin; set != end; ++set) {
      if (stop.requested() || exceeded()) return;
      const std::size_t before = block.members.size();
      draw(scramble(key + first + set), scratch.mine(), block.members);
      block.ends.push_back(block.members.size());
      bytes.fetch_add((block.members.size() - before) * kBytesPerMember + sizeof(std::size_t),
                      std::memory_order_relaxed);
    }
  });
  if (stop.requested()) return absl::CancelledError();
  if (exceeded()) {
    return absl::ResourceExhaustedError("reverse-reachable sets need more memory than allowed");
  }

  std::vector<std::size_t> first_member(blocks.size());
  std::size_t total = sets.members.size();
  for (std::size_t i = 0; i != blocks.size(); ++i) {
    first_member[i] = total;
    total += blocks[i].members.size();
  }
  sets.members.resize(total);
  sets.offsets.resize(count + 1);
  for_each(blocks.size(), [&](std::size_t i) {
    std::ranges::copy(blocks[i].members, sets.members.data() + first_member[i]);
    for (std::size_t set = 0; set != blocks[i].ends.size(); ++set) {
      sets.offsets[first + i * kSetsPerBlock + set + 1] = first_member[i] + blocks[i].ends[set];
    }
  });
  return absl::OkStatus();
}

}  // namespace grapevine
