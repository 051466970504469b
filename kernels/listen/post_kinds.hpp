#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/listen/terms.hpp"
#include "kernels/segment/run_range.hpp"

namespace grapevine {

/// What a row is to a question about terms.
enum class PostKind : std::uint8_t {
  None,  ///< No text, dead, or too late.
  Rest,
  Selected,
};

/// The kind of each of some rows of a run. `has_text`: which of them are living, have a text and are
/// early enough, 1 or 0; empty: all of them.
std::vector<PostKind> kinds_of_posts(const Run& run, RowRange rows,
                                     std::span<const std::uint8_t> has_text,
                                     const TermQuestion& question);

}  // namespace grapevine
