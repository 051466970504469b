#pragma once

#include <string>
#include <vector>

#include "kernels/listen/terms.hpp"

namespace grapevine {

/// A term by its words.
struct TermReference {
  std::string text;  ///< A pair with a blank between.
  TermCounts posts;
  std::vector<std::uint64_t> with_term;  ///< Selected posts by bucket.
  std::vector<std::string> examples;     ///< The latest posts.
};

/// What is counted of every term that is in enough selected posts: by its bytes, ascending. Texts are
/// read again, and words stand in maps of strings.
std::vector<TermReference> count_terms_reference(const Snapshot& snapshot,
                                                 const TermQuestion& question);

}  // namespace grapevine
