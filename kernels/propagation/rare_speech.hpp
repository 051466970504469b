#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/propagation/chance.hpp"

namespace grapevine {

/// A listener to whom word passes seldom, and how seldom.
struct RareListener {
  std::uint32_t place = 0;
  float probability = 0.0F;  ///< In (0, 1).
};

/// One of two listeners by a coin: a slot of Walker's alias table.
struct RareSlot {
  std::uint32_t first_below = 0;  ///< Of 2^32: numbers below it mean the first.
  std::uint32_t first = 0;        ///< Place.
  std::uint32_t second = 0;       ///< Place.
};

/// Some rare listeners of one speaker.
struct RareChunk {
  std::size_t begin = 0;    ///< Of its slots.
  std::uint32_t slots = 0;  ///< As many as listeners.
  double rate = 0.0;        ///< Expected picks in a run.
  double none = 0.0;        ///< The chance of none: exp(-rate).
};

/// Listeners to whom word passes seldom, drawn together: the cost is that of those whom it reaches,
/// not of those it does not.
///
/// In each run a Poisson number of picks falls on each chunk, each pick on one listener by chance;
/// word passes to whoever is picked, once or more often. Where an edge expects -ln(1 - p) picks,
/// their numbers are independent Poisson variables, and none falls on it with chance 1 - p: so word
/// passes each edge independently with probability p (to within 2^-32 of the slots).
///
/// Source  Thinning of a Poisson process: Kingman, Poisson Processes (1993), section 2. Walker, ACM
///         Transactions on Mathematical Software 3 (1977) 253-256, and Vose, IEEE Transactions on
///         Software Engineering 17 (1991) 972-975 (alias tables).
struct RareSpeech {
  std::vector<RareChunk> chunks;
  std::vector<RareSlot> slots;

  /// Appends one speaker's rare listeners. Cost: O(listeners).
  void append(std::span<const RareListener> listeners);
  /// Appends what another holds.
  void append(const RareSpeech& other);
};

/// What all picks of one speaker in one run have in common.
constexpr std::uint64_t rare_stream(std::uint64_t key, Vertex speaker, std::size_t run_of_block) {
  return scramble(scramble(key + 1 + run_of_block) ^ speaker);
}

/// A pick: the slot, and the number below 2^32 that decides between its two listeners.
struct RarePick {
  const RareSlot* slot = nullptr;
  std::uint32_t drawn = 0;

  [[nodiscard]] std::uint32_t place() const {
    return drawn < slot->first_below ? slot->first : slot->second;
  }
};

/// Calls `visit(pick)` for each pick of one run from some chunks of a speaker. A pure function of
/// the stream. Cost: O(chunks + picks).
template <typename Visit>
void pick_rare(const RareSpeech& rare, std::span<const RareChunk> chunks, std::uint64_t stream,
               const Visit& visit) {
  std::uint64_t number = 0;
  for (const RareChunk& chunk : chunks) {
    const double uniform = static_cast<double>(draw_bits(stream, number++) >> 11) * 0x1p-53;
    double chance = chunk.none;
    double below = chance;
    for (double picks = 1.0; uniform >= below; picks += 1.0) {
      const std::uint64_t bits = draw_bits(stream, number++);
      visit(RarePick{&rare.slots[chunk.begin + ((bits >> 32) * chunk.slots >> 32)],
                     static_cast<std::uint32_t>(bits)});
      chance *= chunk.rate / picks;
      const double next = below + chance;
      if (next == below) break;  // As near to 1 as a double comes.
      below = next;
    }
  }
}

}  // namespace grapevine
