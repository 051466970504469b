#include "kernels/propagation/reverse_sets.hpp"

#include <algorithm>
#include <atomic>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSetsPerBlock = 256;
constexpr std::size_t kSetsSideBySide = 8;
// People of one set whose edges are asked for together: a large set then hides its own waiting.
constexpr std::size_t kPeoplePerStep = 8;
// A member takes four bytes in its block, in the arena, in the list of owners and in the inverted
// index.
constexpr std::size_t kBytesPerMember = 4 * sizeof(Vertex);

}  // namespace

std::size_t ReverseSets::bytes() const {
  return members.size() * kBytesPerMember + offsets.size() * sizeof(std::size_t);
}

ReverseSampler::ReverseSampler(const ListenGraph& graph, std::span<const float> probabilities,
                               CascadeModel model, std::span<const Vertex> audience,
                               std::span<const double> values, VertexMask candidates)
    : audience_(audience),
      candidates_(candidates),
      vertices_(graph.vertices()),
      edges_(graph, probabilities, model) {
  if (!values.empty()) by_value_.emplace(values);
}

Vertex ReverseSampler::draw_root(std::uint64_t stream) const {
  const std::uint64_t bits = draw_bits(stream, 0);
  if (!by_value_) return audience_[pick_evenly(bits, audience_.size())];
  return audience_[by_value_->pick(bits, draw_bits(stream, 1))];
}

void ReverseSampler::begin(Growing& growing, std::size_t set, std::uint64_t stream) const {
  const Vertex root = draw_root(stream);
  growing.set = set;
  growing.stream = stream;
  growing.people.assign(1, root);
  growing.heard = 0;
  growing.visited.resize(mask_words(vertices_));
  growing.visited[root / 64] |= std::uint64_t{1} << (root % 64);
  growing.idle = false;
  edges_.ask(root);
}

// Adds those found in the last step, finds where edges are that arrived in it, and draws the
// in-edges of a few who were there before. Returns whether there may be more to add.
bool ReverseSampler::grow(Growing& growing) const {
  const std::size_t present = growing.people.size();
  for (const LiveInEdges::Proposal& proposal : growing.proposals) {
    edges_.settle(proposal, [&](Vertex v) {
      std::uint64_t& word = growing.visited[v / 64];
      const std::uint64_t bit = std::uint64_t{1} << (v % 64);
      if ((word & bit) != 0) return;
      word |= bit;
      growing.people.push_back(v);
      edges_.ask(v);
    });
  }
  growing.proposals.clear();
  for (const LiveInEdges::Arrival& arrival : growing.arrivals) {
    growing.proposals.push_back(edges_.locate(arrival));
  }
  growing.arrivals.clear();
  const std::size_t end = std::min(present, growing.heard + kPeoplePerStep);
  for (; growing.heard != end; ++growing.heard) {
    const Vertex listener = growing.people[growing.heard];
    const std::uint64_t stream = scramble(growing.stream ^ ((std::uint64_t{listener} << 1) + 1));
    edges_.arrive(listener, stream, growing.arrivals, growing.proposals);
  }
  return !growing.proposals.empty() || !growing.arrivals.empty() ||
         growing.heard != growing.people.size();
}

// Moves the candidates of a complete set to its block; returns how many.
std::size_t ReverseSampler::keep(Growing& growing, std::size_t place, Block& block) const {
  block.begins[place] = block.members.size();
  for (const Vertex v : growing.people) {
    growing.visited[v / 64] = 0;
    if (candidates_.empty() || mask_has(candidates_, v)) block.members.push_back(v);
  }
  growing.idle = true;
  return block.sizes[place] = block.members.size() - block.begins[place];
}

absl::Status ReverseSampler::extend(ReverseSets& sets, std::size_t count, std::uint64_t key,
                                    std::size_t bytes_max, const Stop& stop) const {
  const std::size_t first = sets.size();
  if (count <= first) return absl::OkStatus();
  std::vector<Block> blocks(blocks_of(count - first, kSetsPerBlock));
  WorkerLocal<std::vector<Growing>> scratch([] { return std::vector<Growing>(kSetsSideBySide); });
  // All blocks fill one memory. Whether they exceed it does not depend on their order.
  std::atomic<std::size_t> bytes{sets.bytes()};
  const auto give_up = [&] {
    return stop.requested() || bytes.load(std::memory_order_relaxed) > bytes_max;
  };
  for_each_block(count - first, kSetsPerBlock, [&](std::size_t begin_set, std::size_t end_set) {
    if (give_up()) return;
    Block& block = blocks[begin_set / kSetsPerBlock];
    block.begins.resize(end_set - begin_set);
    block.sizes.resize(end_set - begin_set);
    std::vector<Growing>& side_by_side = scratch.mine();
    std::size_t next = begin_set;
    bool stopped = false;
    for (std::size_t busy = 1; busy != 0;) {
      busy = 0;
      for (Growing& growing : side_by_side) {
        if (growing.idle) {
          if (stopped || next == end_set) continue;
          begin(growing, next, scramble(key + first + next));
          ++next;
        } else if (!grow(growing)) {
          const std::size_t kept = keep(growing, growing.set - begin_set, block);
          bytes.fetch_add(kept * kBytesPerMember + sizeof(std::size_t), std::memory_order_relaxed);
          stopped = stopped || give_up();
        }
        ++busy;
      }
    }
  });
  if (stop.requested()) return absl::CancelledError();
  if (give_up()) {
    return absl::ResourceExhaustedError("reverse-reachable sets need more memory than allowed");
  }

  std::size_t total = sets.members.size();
  sets.offsets.resize(count + 1);
  for (std::size_t set = first; set != count; ++set) {
    total += blocks[(set - first) / kSetsPerBlock].sizes[(set - first) % kSetsPerBlock];
    sets.offsets[set + 1] = total;
  }
  sets.members.resize(total);
  for_each_block(count - first, kSetsPerBlock, [&](std::size_t begin_set, std::size_t end_set) {
    const Block& block = blocks[begin_set / kSetsPerBlock];
    for (std::size_t set = begin_set; set != end_set; ++set) {
      const std::size_t place = set - begin_set;
      std::copy_n(block.members.data() + block.begins[place], block.sizes[place],
                  sets.members.data() + sets.offsets[first + set]);
    }
  });
  return absl::OkStatus();
}

}  // namespace grapevine
