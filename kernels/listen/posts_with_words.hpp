#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/listen/log_odds.hpp"
#include "kernels/listen/post_kinds.hpp"
#include "kernels/listen/terms.hpp"
#include "kernels/listen/word_streams.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/run_range.hpp"

namespace grapevine {

/// The posts of a question about terms, as words. Immutable; any number of threads may read.
class PostsWithWords {
 public:
  /// A stretch of a run that one task reads.
  struct Stretch {
    const Run* run;
    RowRange rows;
    const WordStream* words;
    std::vector<PostKind> kinds;  ///< By row, from rows.begin on.
  };

  /// Errors  Cancelled: `stop` was requested.
  static absl::StatusOr<PostsWithWords> find(const Snapshot& snapshot, const TermQuestion& question,
                                             const WordsOfRun& words_of, const Stop& stop);

  [[nodiscard]] const TermCounts& posts() const { return posts_; }
  /// Words that there are, each time that it occurs; those of rows that are no posts may be counted.
  [[nodiscard]] std::uint64_t words() const { return words_; }

  /// Calls `body(scratch, post)` for each post of a task, which has a worker's scratch to itself:
  /// `selected` alone, or all. A post stands for one moment.
  struct Post {
    const Stretch& of;
    std::size_t row;
    bool is_selected;
    [[nodiscard]] std::span<const std::uint32_t> words() const { return of.words->of(row); }
  };
  template <typename Scratch, typename Body>
  void for_each_post(bool selected_alone, WorkerLocal<Scratch>& scratch, const Stop& stop,
                     const Body& body) const {
    for_each(stretches_.size(), [&](std::size_t s) {
      if (stop.requested()) return;
      const Stretch& of = stretches_[s];
      if (selected_alone && !has_selected_[s]) return;
      Scratch& mine = scratch.mine();
      for (std::size_t i = 0; i < of.kinds.size(); ++i) {
        if (of.kinds[i] == PostKind::None) continue;
        const bool is_selected = of.kinds[i] == PostKind::Selected;
        if (is_selected || !selected_alone) body(mine, Post{of, of.rows.begin + i, is_selected});
      }
    });
  }

 private:
  std::vector<Stretch> stretches_;
  std::vector<std::uint8_t> has_selected_;  // By stretch.
  TermCounts posts_;
  std::uint64_t words_ = 0;
};

}  // namespace grapevine
