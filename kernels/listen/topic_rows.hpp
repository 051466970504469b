#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "kernels/listen/row_list.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/run_range.hpp"
#include "kernels/text/phrase_matcher.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Which rows of one snapshot have a text that is about a topic. Rows that are dead may be among
/// them: who counts leaves them out, as always.
///
/// A scan takes it as `EventSelection::about`; who wants other rows beside them marks a mask of its
/// own: `if (const RowList* rows = topic.of(run)) rows->mark(range, mask)`.
///
/// Says something about the snapshot that it was made of alone, while that lives.
/// Immutable once filled; any number of threads may read.
class TopicRows {
 public:
  void add(const Run& run, std::shared_ptr<const RowList> rows) {
    rows_ += rows->size();
    if (!rows->empty()) runs_.insert_or_assign(&run, std::move(rows));
  }

  /// nullptr: no text of the run is about the topic. Cost: a look into a hash table.
  [[nodiscard]] const RowList* of(const Run& run) const {
    const auto found = runs_.find(&run);
    return found == runs_.end() ? nullptr : found->second.get();
  }
  /// Rows in it, dead ones included.
  [[nodiscard]] std::size_t rows() const { return rows_; }

 private:
  absl::flat_hash_map<const Run*, std::shared_ptr<const RowList>> runs_;
  std::size_t rows_ = 0;
};

/// The texts among `rows` of a run that are about each topic of a matcher: their rows, ascending,
/// by topic.
/// Shapes  The phrases of `matcher` name topics below `topics`.
/// Cost    One pass over the texts, however many topics there are.
std::vector<std::vector<std::uint32_t>> match_texts(const Run& run, RowRange rows,
                                                    const PhraseMatcher& matcher,
                                                    std::size_t topics);

/// The same for all rows of a snapshot, in parallel.
/// Errors  Cancelled: `stop` fired.
absl::StatusOr<std::vector<TopicRows>> match_texts(const Snapshot& snapshot,
                                                   const PhraseMatcher& matcher, std::size_t topics,
                                                   const Stop& stop);

}  // namespace grapevine
