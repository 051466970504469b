#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/listen/log_odds.hpp"
#include "kernels/listen/posts_with_words.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// Two words that follow each other, and how many posts have them.
struct PairCount {
  std::uint32_t first, second;
  TermCounts posts;
};

/// The pairs that are in at least `least` selected posts, in lists of no promised order. A post counts
/// once for a pair. Where `stop` was requested, some are missing.
///
/// Shapes  stems: by word, what is counted of it; kWordGap: nothing, it parts those beside it. Less than
///         2^31.
/// Cost    Each pair is written down once and counted in a table that fits in a near cache: pairs are
///         divided by their hash as rows are for a join (Manegold, Boncz & Kersten, TKDE 14 (2002)
///         709-730, radix-clustering). What is written down takes at most `bytes_max`: where that is
///         too little, some of the pairs are counted, and then the posts are read again for others.
std::vector<std::vector<PairCount>> count_pairs(const PostsWithWords& posts,
                                                std::span<const std::uint32_t> stems,
                                                std::size_t least, const Stop& stop,
                                                std::size_t bytes_max = std::size_t{1} << 28);

}  // namespace grapevine
