#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// Runs that share one word: bit r of a block's word is run 64 x block + r.
inline constexpr std::size_t kRunsPerBlock = 64;

/// Spreads what differs between two numbers over all 64 bits (the finalizer of Stafford's variant
/// 13).
constexpr std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

/// Draw `number` of the random stream `stream`: 64 independent fair bits, a pure function of both.
constexpr std::uint64_t draw_bits(std::uint64_t stream, std::uint64_t number) {
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t at = stream + number * 0xa0761d6478bd642fU;
  const Wide product = Wide{at} * (at ^ 0xe7037ed1a0b428dbU);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// A probability in units of 2^-32, rounded down: the error is below 2^-32, and 0 for p >= 2^-8,
/// because a float has 24 bits. 2^32 means always.
constexpr std::uint64_t quantized(float probability) {
  return static_cast<std::uint64_t>(probability * 0x1p32F);
}

/// What all coins of one block of 64 runs have in common.
constexpr std::uint64_t block_key(std::uint64_t random_seed, std::uint64_t block) {
  return scramble(scramble(random_seed + 0x9e3779b97f4a7c15U) + block);
}

/// The random stream of an edge in a block of runs.
constexpr std::uint64_t edge_stream(std::uint64_t key, Vertex influencer, Vertex listener) {
  return scramble(key ^ (std::uint64_t{influencer} << 32 | listener));
}

/// In which of the runs `asked` the number below 2^32 that a run draws from `stream` is below
/// `threshold`, which is at most 2^32.
///
/// Numbers are drawn bit by bit from the top: bit plane i holds bit i of all 64 numbers. Half of
/// the undecided runs are known after every plane; the loop ends when no run that was asked about
/// is undecided, after about log2(runs asked) + 1 planes.
inline std::uint64_t draws_below(std::uint64_t stream, std::uint64_t threshold,
                                 std::uint64_t asked) {
  if (threshold >> 32 != 0) return asked;
  std::uint64_t below = 0;
  std::uint64_t undecided = asked;  // Their number equals the threshold in every plane so far.
  std::uint64_t rest = threshold << 32;
  for (std::uint64_t plane = 0; (undecided != 0) & (rest != 0); plane += 4) {
    // Four planes between two looks: their draws do not wait for each other, and one too many is
    // harmless.
    for (std::uint64_t ahead = 0; ahead != 4; ++ahead, rest <<= 1) {
      const std::uint64_t drawn = draw_bits(stream, plane + ahead);
      const std::uint64_t wanted = 0 - (rest >> 63);  // All ones if the threshold has this bit.
      below |= undecided & ~drawn & wanted;
      undecided &= ~(drawn ^ wanted);
    }
  }
  return below;
}

/// In which of the runs `asked` word passes from `influencer` to `listener`: one coin a run, 64 at
/// once. It passes if the number drawn by the run is below the quantized probability.
///
/// A pure function: what it says of a run depends on the block's key, the edge and the probability,
/// not on the other runs asked, the thread or the order. Scalar and fused simulations therefore
/// agree exactly.
inline std::uint64_t word_passes(std::uint64_t key, Vertex influencer, Vertex listener,
                                 float probability, std::uint64_t asked) {
  return draws_below(edge_stream(key, influencer, listener), quantized(probability), asked);
}

/// The same coin for one run.
inline bool word_passes_in_run(std::uint64_t random_seed, std::size_t run, Vertex influencer,
                               Vertex listener, float probability) {
  const std::uint64_t asked = std::uint64_t{1} << (run % kRunsPerBlock);
  const std::uint64_t key = block_key(random_seed, run / kRunsPerBlock);
  return word_passes(key, influencer, listener, probability, asked) != 0;
}

}  // namespace grapevine
