#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/listen/posts_with_words.hpp"
#include "kernels/listen/terms.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// Finds the selected posts of chosen terms: their examples, and in which buckets they burst. Where
/// `stop` was requested, some are missing.
///
/// Shapes  stems: by word, what it is counted as.
/// Cost    One pass over the words of selected posts.
void find_posts_of(std::vector<Term>& terms, const TermQuestion& question,
                   const PostsWithWords& posts, std::span<const std::uint32_t> stems,
                   const Stop& stop);

}  // namespace grapevine
