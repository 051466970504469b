#include "kernels/propagation/live_edge_words.hpp"

#include <algorithm>
#include <limits>

namespace grapevine {
namespace {

constexpr double kWeightRounding = 1e-5;

std::uint32_t of_all_numbers(double share) {
  constexpr double kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(share * 0x1p32, kMost));
}

}  // namespace

absl::StatusOr<LiveEdgeWords> LiveEdgeWords::make(const ListenGraph& graph,
                                                  std::span<const float> probabilities,
                                                  CascadeModel model) {
  if (probabilities.size() != graph.edges()) {
    return absl::InvalidArgumentError("there is not one probability an edge");
  }
  LiveEdgeWords words(graph, probabilities);
  if (model == CascadeModel::IndependentCascade) return words;
  words.parts_.resize(probabilities.size());
  std::vector<double> before(graph.vertices());  // Weights into each listener so far.
  for (std::size_t edge = 0; edge != probabilities.size(); ++edge) {
    double& sum = before[graph.listeners.neighbors[edge]];
    const std::uint32_t begin = of_all_numbers(sum);
    sum += static_cast<double>(probabilities[edge]);
    words.parts_[edge] = {begin, of_all_numbers(sum)};
    if (!(sum <= 1.0 + kWeightRounding)) {
      return absl::InvalidArgumentError("the weights into a listener sum to more than 1");
    }
  }
  return words;
}

// Bit plane i of the draws holds bit i, from the top, of the numbers of all 64 runs.
std::uint64_t LiveEdgeWords::falls_into(Part part, std::uint64_t stream, std::uint64_t asked) {
  std::uint64_t below_end = 0;
  std::uint64_t below_begin = 0;
  std::uint64_t like_end = asked;  // Equal to the end in every plane so far.
  std::uint64_t like_begin = asked;
  for (std::uint64_t plane = 0; plane != 32 && (like_end | like_begin) != 0; ++plane) {
    const std::uint64_t drawn = draw_bits(stream, plane);
    const std::uint64_t end_bit = 0 - std::uint64_t{part.end >> (31 - plane) & 1};
    const std::uint64_t begin_bit = 0 - std::uint64_t{part.begin >> (31 - plane) & 1};
    below_end |= like_end & ~drawn & end_bit;
    below_begin |= like_begin & ~drawn & begin_bit;
    like_end &= ~(drawn ^ end_bit);
    like_begin &= ~(drawn ^ begin_bit);
  }
  return below_end & ~below_begin;
}

}  // namespace grapevine
