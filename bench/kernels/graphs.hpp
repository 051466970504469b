#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <zlib.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine::bench {

inline ListenGraph graph_of(std::span<const SocialTie> ties) {
  return build_listen_graph(std::span(&ties, 1), {}, Stop()).value();
}

/// The events of the Higgs data (563,069 reactions among 304,691 people), as `grapevine import`
/// reads them; none where the file is not beside the source tree.
inline std::vector<SocialTie> read_higgs_ties() {
  const std::string path = std::string(GRAPEVINE_SOURCE_DIR) +
                           "/../shared/data/higgs-twitter/higgs-activity_time.txt.gz";
  std::vector<SocialTie> ties;
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return ties;
  gzbuffer(file, 1 << 20);
  char line[128];
  while (gzgets(file, line, sizeof line) != nullptr) {
    unsigned actor = 0;
    unsigned target = 0;
    long long seconds = 0;
    char verb[4] = {};
    if (std::sscanf(line, "%u %u %lld %3s", &actor, &target, &seconds, verb) != 4) continue;
    const float weight = std::strcmp(verb, "RT") == 0   ? 1.0F
                         : std::strcmp(verb, "RE") == 0 ? 0.5F
                                                        : 0.3F;
    ties.push_back({CustomerId(target), CustomerId(actor), seconds * 1000, weight});
  }
  gzclose(file);
  return ties;
}

/// A recursive-matrix graph with the parameters of Graph500 (a, b, c = 0.57, 0.19, 0.19): 2^scale
/// people, 16 ties a person, each in both directions, all of one weight.
inline std::vector<SocialTie> draw_rmat_ties(unsigned scale, std::uint64_t seed) {
  const std::uint64_t pairs = std::uint64_t{16} << scale;
  std::vector<SocialTie> ties;
  ties.reserve(2 * pairs);
  for (std::uint64_t i = 0; i != pairs; ++i) {
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    const std::uint64_t stream = scramble(seed + scramble(i));
    for (unsigned level = 0; level != scale; ++level) {
      const double drawn = static_cast<double>(draw_bits(stream, level) >> 11) * 0x1p-53;
      a = 2 * a + (drawn >= 0.76 ? 1 : 0);
      b = 2 * b + ((drawn >= 0.57 && drawn < 0.76) || drawn >= 0.95 ? 1 : 0);
    }
    ties.push_back({CustomerId(a), CustomerId(b)});
    ties.push_back({CustomerId(b), CustomerId(a)});
  }
  return ties;
}

/// The graph that a benchmark's argument names: 0 is Higgs, else the scale of a recursive matrix.
/// Made once; nothing where the data is missing.
inline const ListenGraph* graph_named(std::int64_t name) {
  static std::vector<std::pair<std::int64_t, std::optional<ListenGraph>>> made;
  for (const auto& [known, graph] : made) {
    if (known == name) return graph ? &*graph : nullptr;
  }
  const auto ties = name == 0 ? read_higgs_ties() : draw_rmat_ties(static_cast<unsigned>(name), 1);
  made.reserve(16);  // Graphs never move, since their addresses are given out.
  made.emplace_back(name, ties.empty() ? std::nullopt : std::optional(graph_of(ties)));
  return graph_named(name);
}

}  // namespace grapevine::bench
