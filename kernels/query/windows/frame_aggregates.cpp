#include "kernels/query/windows/frame_aggregates.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kStateBytesMax = std::size_t{1} << 30;
// Positions answered together: their states are in memory at once.
constexpr std::size_t kChunk = 4096;

using States = std::unique_ptr<AggregateStates>;

absl::Status too_large() {
  return query_error(QueryErrorCode::MemoryLimitExceeded,
                     "The states of a window function take more than 1 GiB");
}

// The pieces of frames at one level: node from[i] belongs to frame to[i].
struct Pieces {
  std::vector<std::uint32_t> from;
  std::vector<std::uint32_t> to;
};

absl::Status cancelled() {
  return query_error(QueryErrorCode::QueryWasCancelled, "Query was cancelled");
}

// A state for each row.
absl::StatusOr<States> states_of_rows(const Aggregate& aggregate,
                                      std::span<const ColumnPtr> arguments, std::size_t rows,
                                      const Stop& stop) {
  States states = aggregate.make_states();
  states->resize(rows);
  // In blocks, as aggregates are used to; their rows' groups are their positions.
  std::vector<std::uint32_t> groups(rows);
  std::iota(groups.begin(), groups.end(), 0);
  for (std::size_t begin = 0; begin < rows; begin += kBlockRows) {
    if (stop.requested()) return cancelled();
    const std::size_t end = std::min(rows, begin + kBlockRows);
    std::vector<ColumnPtr> some;
    for (const ColumnPtr& argument : arguments) some.push_back(slice(argument, begin, end));
    GRAPEVINE_RETURN_IF_ERROR(states->add(std::span(groups).subspan(begin, end - begin), some, {}));
  }
  return states;
}

// What each frame has is what all rows up to its end have, without those before its begin.
class RunningStates {
 public:
  // Precondition: `of_rows` can subtract.
  explicit RunningStates(States of_rows) : states_(std::move(of_rows)) {
    states_->accumulate();
    states_->seal();
  }

  // Merges the rows of frames [first, last) into groups 0, 1, ...
  void merge_frames(const Frames& frames, std::size_t first, std::size_t last,
                    AggregateStates& into) const {
    Pieces ends;
    Pieces begins;
    for (std::size_t at = first; at < last; ++at) {
      if (frames.begin[at] == frames.end[at]) continue;
      const auto group = static_cast<std::uint32_t>(at - first);
      ends.from.push_back(frames.end[at] - 1);
      ends.to.push_back(group);
      if (frames.begin[at] == 0) continue;
      begins.from.push_back(frames.begin[at] - 1);
      begins.to.push_back(group);
    }
    into.merge(*states_, ends.from, ends.to);
    into.subtract(*states_, begins.from, begins.to);
  }

 private:
  States states_;
};

class StateTree {
 public:
  static absl::StatusOr<StateTree> build(const Aggregate& aggregate, States leaves,
                                         std::size_t rows, const Stop& stop) {
    StateTree tree;
    std::size_t bytes = leaves->bytes();
    leaves->seal();
    tree.levels_.push_back(std::move(leaves));
    for (std::size_t nodes = rows; nodes > 1; nodes = (nodes + 1) / 2) {
      if (stop.requested()) return cancelled();
      States parents = aggregate.make_states();
      parents->resize((nodes + 1) / 2);
      std::vector<std::uint32_t> to(nodes);
      for (std::uint32_t node = 0; node < nodes; ++node) to[node] = node / 2;
      parents->merge(*tree.levels_.back(), to);
      bytes += parents->bytes();
      if (bytes > kStateBytesMax) return too_large();
      parents->seal();
      tree.levels_.push_back(std::move(parents));
    }
    return tree;
  }

  // Merges the rows of frames [first, last) into groups 0, 1, ...
  void merge_frames(const Frames& frames, std::size_t first, std::size_t last,
                    AggregateStates& into) const {
    std::vector<Pieces> left(levels_.size());
    std::vector<Pieces> right(levels_.size());
    for (std::size_t at = first; at < last; ++at) {
      const auto group = static_cast<std::uint32_t>(at - first);
      std::uint32_t begin = frames.begin[at];
      std::uint32_t end = frames.end[at];
      for (std::size_t level = 0; begin < end; ++level) {
        if (begin % 2 != 0) {
          left[level].from.push_back(begin++);
          left[level].to.push_back(group);
        }
        if (end % 2 != 0) {
          right[level].from.push_back(--end);
          right[level].to.push_back(group);
        }
        begin /= 2;
        end /= 2;
      }
    }
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      merge(level, left[level], into);
    }
    for (std::size_t level = levels_.size(); level-- > 0;) merge(level, right[level], into);
  }

 private:
  void merge(std::size_t level, const Pieces& pieces, AggregateStates& into) const {
    if (!pieces.from.empty()) into.merge(*levels_[level], pieces.from, pieces.to);
  }

  std::vector<States> levels_;
};

template <typename Merged>
absl::StatusOr<ColumnPtr> answer_frames(const Aggregate& aggregate, const Merged& merged,
                                        const Frames& frames, const Stop& stop) {
  const std::size_t rows = frames.begin.size();
  std::vector<absl::StatusOr<ColumnPtr>> answers(blocks_of(rows, kChunk));
  for_each_block(rows, kChunk, [&](std::size_t first, std::size_t last) {
    absl::StatusOr<ColumnPtr>& answer = answers[first / kChunk];
    if (stop.requested()) {
      answer = cancelled();
      return;
    }
    const States states = aggregate.make_states();
    states->resize(last - first);
    merged.merge_frames(frames, first, last, *states);
    answer = states->bytes() > kStateBytesMax ? too_large() : states->finish();
  });
  std::vector<ColumnPtr> columns;
  for (absl::StatusOr<ColumnPtr>& answer : answers) {
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, std::move(answer));
    columns.push_back(std::move(column));
  }
  return concatenate(aggregate.type(), columns);
}

}  // namespace

absl::StatusOr<ColumnPtr> aggregate_partitions(const Aggregate& aggregate,
                                               std::span<const ColumnPtr> arguments,
                                               const WindowRows& window) {
  const States states = aggregate.make_states();
  states->resize(window.begins.size() - 1);
  const std::size_t rows = window.order.size();
  for (std::size_t begin = 0; begin < rows; begin += kBlockRows) {
    const std::size_t end = std::min(rows, begin + kBlockRows);
    std::vector<ColumnPtr> some;
    for (const ColumnPtr& argument : arguments) some.push_back(slice(argument, begin, end));
    GRAPEVINE_RETURN_IF_ERROR(
        states->add(std::span(window.partition).subspan(begin, end - begin), some, {}));
    if (states->bytes() > kStateBytesMax) return too_large();
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr answers, states->finish());
  return gather(answers, window.partition);
}

absl::StatusOr<ColumnPtr> aggregate_frames(const Aggregate& aggregate,
                                           std::span<const ColumnPtr> arguments,
                                           const Frames& frames, const Stop& stop) {
  const std::size_t rows = frames.begin.size();
  if (rows == 0) return slice(full(constant_default(aggregate.type(), 1)), 0, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(States of_rows, states_of_rows(aggregate, arguments, rows, stop));
  if (of_rows->can_subtract()) {
    return answer_frames(aggregate, RunningStates(std::move(of_rows)), frames, stop);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const StateTree tree,
                             StateTree::build(aggregate, std::move(of_rows), rows, stop));
  return answer_frames(aggregate, tree, frames, stop);
}

}  // namespace grapevine::sql
