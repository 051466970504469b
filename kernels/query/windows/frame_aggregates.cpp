#include "kernels/query/windows/frame_aggregates.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kStateBytesMax = std::size_t{1} << 30;
// Positions answered together.
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

class StateTree {
 public:
  static absl::StatusOr<StateTree> build(const Aggregate& aggregate,
                                         std::span<const ColumnPtr> arguments, std::size_t rows,
                                         const Stop& stop) {
    StateTree tree;
    States leaves = aggregate.make_states();
    leaves->resize(rows);
    // In blocks, as aggregates are used to; their rows' groups are their positions.
    std::vector<std::uint32_t> groups(rows);
    std::iota(groups.begin(), groups.end(), 0);
    for (std::size_t begin = 0; begin < rows; begin += kBlockRows) {
      if (stop.requested()) return cancelled();
      const std::size_t end = std::min(rows, begin + kBlockRows);
      std::vector<ColumnPtr> some;
      for (const ColumnPtr& argument : arguments) some.push_back(slice(argument, begin, end));
      GRAPEVINE_RETURN_IF_ERROR(
          leaves->add(std::span(groups).subspan(begin, end - begin), some, {}));
    }
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

  static absl::Status cancelled() {
    return query_error(QueryErrorCode::QueryWasCancelled, "Query was cancelled");
  }

 private:
  void merge(std::size_t level, const Pieces& pieces, AggregateStates& into) const {
    if (!pieces.from.empty()) into.merge(*levels_[level], pieces.from, pieces.to);
  }

  std::vector<States> levels_;
};

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
  GRAPEVINE_ASSIGN_OR_RETURN(const StateTree tree,
                             StateTree::build(aggregate, arguments, rows, stop));
  std::vector<ColumnPtr> answers;
  for (std::size_t first = 0; first < rows; first += kChunk) {
    if (stop.requested()) return StateTree::cancelled();
    const std::size_t last = std::min(rows, first + kChunk);
    const States states = aggregate.make_states();
    states->resize(last - first);
    tree.merge_frames(frames, first, last, *states);
    if (states->bytes() > kStateBytesMax) return too_large();
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, states->finish());
    answers.push_back(std::move(column));
  }
  if (answers.empty()) return slice(full(constant_default(aggregate.type(), 1)), 0, 0);
  return concatenate(aggregate.type(), answers);
}

}  // namespace grapevine::sql
