#include "kernels/query/group_by.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/row_hashes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// So few groups are merged one after the other.
constexpr std::size_t kFewGroups = 32 * 1024;
constexpr std::size_t kGroupsPerPartition = 16 * 1024;
constexpr std::size_t kPartitionsMax = 256;

absl::Status cancelled() {
  return query_error(QueryErrorCode::QueryWasCancelled, "Query was cancelled");
}

// The first failure of several tasks, by their number. Thread-safe.
class FirstFailure {
 public:
  void note(std::size_t task, absl::Status status) {
    if (status.ok()) return;
    const std::lock_guard lock(mutex_);
    if (status_.ok() || task < task_) {
      task_ = task;
      status_ = std::move(status);
    }
    failed_.store(true, std::memory_order_relaxed);
  }
  [[nodiscard]] bool any() const { return failed_.load(std::memory_order_relaxed); }
  [[nodiscard]] absl::Status status() const { return status_; }

 private:
  std::mutex mutex_;
  std::atomic<bool> failed_{false};
  std::size_t task_ = 0;
  absl::Status status_;
};

void append_blocks(const std::vector<ColumnPtr>& columns, std::size_t rows,
                   std::vector<Block>& blocks) {
  for (std::size_t begin = 0; begin < rows; begin += kBlockRows) {
    const std::size_t end = std::min(rows, begin + kBlockRows);
    Block block;
    block.rows = end - begin;
    for (const ColumnPtr& column : columns) {
      block.columns.push_back(begin == 0 && end == rows ? column : slice(column, begin, end));
    }
    blocks.push_back(std::move(block));
  }
}

}  // namespace

GroupLane::GroupLane(std::vector<DataType> keys, std::span<const AggregateCall> calls,
                     MemoryBudget& budget)
    : calls_(calls.begin(), calls.end()),
      has_keys_(!keys.empty()),
      key_types_(keys),
      table_(std::move(keys)),
      lease_(budget) {
  for (const AggregateCall& call : calls_) {
    states_.push_back(call.aggregate->make_states());
    states_.back()->resize(groups());
  }
}

GroupLane::GroupLane(CodeRange codes, std::span<const AggregateCall> calls, MemoryBudget& budget)
    : GroupLane({plain(TypeId::String)}, calls, budget) {
  codes_.emplace(codes);
}

std::vector<ColumnPtr> GroupLane::keys() const {
  if (!has_keys_) return {};
  return codes_ ? std::vector<ColumnPtr>{codes_->keys()} : table_.keys();
}

absl::Status GroupLane::add(std::span<const ColumnPtr> keys, std::span<const ColumnPtr> arguments,
                            std::size_t rows) {
  if (rows == 0) return absl::OkStatus();
  groups_.resize(rows);
  if (codes_) {
    codes_->assign(*keys[0], groups_);
  } else if (has_keys_) {
    table_.assign(keys, rows, groups_);
  }
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    if (has_keys_) states_[i]->resize(groups());
    GRAPEVINE_RETURN_IF_ERROR(
        states_[i]->add(groups_, arguments.first(calls_[i].argument_count), {}));
    arguments = arguments.subspan(calls_[i].argument_count);
  }
  return lease_.hold(bytes());
}

std::size_t GroupLane::bytes() const {
  std::size_t sum =
      table_.bytes() + (codes_ ? codes_->bytes() : 0) + groups_.capacity() * sizeof(groups_[0]);
  for (const auto& states : states_) sum += states->bytes();
  return sum;
}

/// What comes after the last row: all lanes become one answer.
class LaneMerge {
 public:
  // `parts`: where the merged groups are kept, so that they can be merged from; nullptr: nowhere.
  LaneMerge(std::vector<GroupLane>& lanes, const Stop& stop, MemoryBudget& budget,
            std::vector<GroupLane>* parts = nullptr)
      : lanes_(lanes), stop_(stop), budget_(budget), kept_(parts) {}

  absl::StatusOr<std::vector<Block>> answer() {
    std::size_t groups = 0;
    for (const GroupLane& lane : lanes_) groups += lane.groups();
    if (lanes_.size() == 1 || groups <= kFewGroups) return of_first_lane();
    return of_partitions(groups);
  }

 private:
  using Groups = std::vector<std::uint32_t>;

  [[nodiscard]] std::size_t calls() const { return lanes_[0].calls_.size(); }

  // What one call comes to: of a copy where the states are kept.
  [[nodiscard]] absl::StatusOr<ColumnPtr> finish(AggregateStates& states, std::size_t call,
                                                 std::size_t groups) const {
    if (kept_ == nullptr) return states.finish();
    states.seal();
    const std::unique_ptr<AggregateStates> copy = lanes_[0].calls_[call].aggregate->make_states();
    copy->resize(groups);
    Groups same(groups);
    std::iota(same.begin(), same.end(), 0U);
    copy->merge(states, same);
    return copy->finish();
  }

  // Everything is merged into the first lane, call by call in parallel.
  absl::StatusOr<std::vector<Block>> of_first_lane() {
    GroupLane& first = lanes_[0];
    std::vector<Groups> groups_of(lanes_.size());
    for (std::size_t l = 1; l < lanes_.size(); ++l) {
      groups_of[l].resize(lanes_[l].groups());
      if (first.has_keys_) {
        first.table_.assign(lanes_[l].table_.keys(), lanes_[l].groups(), groups_of[l]);
      }
    }
    const std::size_t groups = first.groups();
    std::vector<ColumnPtr> columns = first.keys();
    const std::size_t keys = columns.size();
    columns.resize(keys + calls());
    FirstFailure failure;
    for_each(calls(), [&](std::size_t call) {
      if (stop_.requested()) return;
      AggregateStates& states = *first.states_[call];
      states.resize(groups);
      for (std::size_t l = 1; l < lanes_.size(); ++l) {
        std::unique_ptr<AggregateStates>& others = lanes_[l].states_[call];
        others->seal();
        states.merge(*others, groups_of[l]);
        others.reset();
      }
      auto result = finish(states, call, groups);
      failure.note(call, result.status());
      if (result.ok()) columns[keys + call] = *std::move(result);
    });
    if (stop_.requested()) return cancelled();
    GRAPEVINE_RETURN_IF_ERROR(failure.status());
    if (kept_ != nullptr) {
      GRAPEVINE_RETURN_IF_ERROR(first.lease_.hold(first.bytes()));
      kept_->push_back(std::move(first));
    }
    std::vector<Block> blocks;
    append_blocks(columns, groups, blocks);
    return blocks;
  }

  // A lane's groups by partition.
  struct Parts {
    std::vector<ColumnPtr> keys;
    std::vector<Groups> groups;  // One list a partition.
  };

  absl::StatusOr<std::vector<Block>> of_partitions(std::size_t groups) {
    std::size_t partitions = 2;
    while (partitions < kPartitionsMax && partitions * kGroupsPerPartition < groups) {
      partitions *= 2;
    }
    std::vector<Parts> parts(lanes_.size());
    for_each(lanes_.size(), [&](std::size_t l) { parts[l].keys = lanes_[l].table_.keys(); });
    std::vector<std::vector<ColumnPtr>> keys;
    for (const Parts& part : parts) keys.push_back(part.keys);
    const RowHashes hashes(keys);
    for_each(lanes_.size(), [&](std::size_t l) {
      if (stop_.requested()) return;
      for (const auto& states : lanes_[l].states_) states->seal();
      parts[l].groups.resize(partitions);
      const std::vector<std::uint64_t> hash = hashes.of(parts[l].keys, lanes_[l].groups());
      for (std::uint32_t group = 0; group < hash.size(); ++group) {
        // The upper bits, as the tables of partitions look at others.
        parts[l].groups[hash[group] >> 56 & (partitions - 1)].push_back(group);
      }
    });
    std::vector<std::vector<Block>> blocks(partitions);
    std::vector<std::optional<GroupLane>> kept(partitions);
    FirstFailure failure;
    for_each(partitions, [&](std::size_t partition) {
      if (stop_.requested() || failure.any()) return;
      GroupLane merged(lanes_[0].key_types_, lanes_[0].calls_, budget_);
      auto made = of_partition(parts, partition, merged);
      failure.note(partition, made.status());
      if (made.ok()) blocks[partition] = *std::move(made);
      if (kept_ != nullptr) kept[partition].emplace(std::move(merged));
    });
    if (stop_.requested()) return cancelled();
    GRAPEVINE_RETURN_IF_ERROR(failure.status());
    std::vector<Block> all;
    for (std::vector<Block>& some : blocks) {
      std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    for (std::optional<GroupLane>& part : kept) {
      if (part) kept_->push_back(*std::move(part));
    }
    return all;
  }

  absl::StatusOr<std::vector<Block>> of_partition(const std::vector<Parts>& parts,
                                                  std::size_t partition, GroupLane& merged) const {
    for (std::size_t l = 0; l < lanes_.size(); ++l) {
      const Groups& from = parts[l].groups[partition];
      if (from.empty()) continue;
      std::vector<ColumnPtr> keys;
      for (const ColumnPtr& key : parts[l].keys) keys.push_back(gather(key, from));
      Groups to(from.size());
      merged.table_.assign(keys, from.size(), to);
      for (std::size_t call = 0; call < calls(); ++call) {
        merged.states_[call]->resize(merged.groups());
        merged.states_[call]->merge(*lanes_[l].states_[call], from, to);
      }
      GRAPEVINE_RETURN_IF_ERROR(merged.lease_.hold(merged.bytes()));
    }
    std::vector<ColumnPtr> columns = merged.table_.keys();
    for (std::size_t call = 0; call < calls(); ++call) {
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column,
                                 finish(*merged.states_[call], call, merged.groups()));
      columns.push_back(std::move(column));
    }
    std::vector<Block> blocks;
    append_blocks(columns, merged.groups(), blocks);
    return blocks;
  }

  std::vector<GroupLane>& lanes_;
  const Stop& stop_;
  MemoryBudget& budget_;
  std::vector<GroupLane>* kept_;
};

absl::StatusOr<std::vector<Block>> finish_groups(std::vector<GroupLane> lanes, const Stop& stop,
                                                 MemoryBudget& budget) {
  if (lanes.empty()) return std::vector<Block>();
  if (stop.requested()) return cancelled();
  return LaneMerge(lanes, stop, budget).answer();
}

absl::StatusOr<SummableGroups> SummableGroups::of(std::vector<GroupLane> lanes, const Stop& stop,
                                                  MemoryBudget& budget) {
  SummableGroups made;
  made.calls_ = lanes[0].calls_;
  if (stop.requested()) return cancelled();
  GRAPEVINE_ASSIGN_OR_RETURN(made.blocks, LaneMerge(lanes, stop, budget, &made.parts_).answer());
  return made;
}

absl::StatusOr<std::vector<ColumnPtr>> SummableGroups::sum(std::span<const std::uint8_t> chosen,
                                                           const Stop& stop) const {
  std::vector<std::unique_ptr<AggregateStates>> sums;
  for (const AggregateCall& call : calls_) {
    sums.push_back(call.aggregate->make_states());
    sums.back()->resize(1);
  }
  std::size_t before = 0;
  for (const GroupLane& part : parts_) {
    if (stop.requested()) return cancelled();
    std::vector<std::uint32_t> from;
    for (std::uint32_t group = 0; group < part.groups(); ++group) {
      if (chosen[before + group] != 0) from.push_back(group);
    }
    before += part.groups();
    const std::vector<std::uint32_t> to(from.size(), 0);
    for (std::size_t call = 0; call < calls_.size(); ++call) {
      sums[call]->merge(*part.states_[call], from, to);
    }
  }
  std::vector<ColumnPtr> columns;
  for (const auto& states : sums) {
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, states->finish());
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace grapevine::sql
