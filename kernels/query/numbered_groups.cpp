#include "kernels/query/numbered_groups.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// count() is the one aggregate of nothing.
bool counts_rows(const AggregateCall& call) {
  return call.argument_count == 0 && call.aggregate->type() == plain(TypeId::UInt64);
}

ColumnPtr counts_column(std::span<const std::uint64_t> counts) {
  auto column = new_fixed(plain(TypeId::UInt64), counts.size());
  std::copy(counts.begin(), counts.end(), column->fixed<std::uint64_t>().begin());
  return column;
}

}  // namespace

absl::StatusOr<NumberedGroups> NumberedGroups::of(std::size_t groups,
                                                  std::span<const AggregateCall> calls,
                                                  MemoryBudget& budget) {
  NumberedGroups lane(calls, budget);
  lane.make_states();
  // What a few groups take says what all of them will.
  const std::size_t few = std::clamp<std::size_t>(groups, 1, 64);
  lane.resize(few);
  GRAPEVINE_RETURN_IF_ERROR(lane.lease_.hold((lane.bytes() + few - 1) / few * groups));
  lane.resize(groups);
  GRAPEVINE_RETURN_IF_ERROR(lane.lease_.hold(lane.bytes()));
  return lane;
}

void NumberedGroups::make_states() {
  for (const AggregateCall& call : calls_) {
    states_.push_back(counts_rows(call) ? nullptr : call.aggregate->make_states());
  }
}

void NumberedGroups::resize(std::size_t groups) {
  rows_.resize(2 * groups);
  for (const auto& states : states_) {
    if (states != nullptr) states->resize(groups);
  }
}

std::size_t NumberedGroups::bytes() const {
  std::size_t bytes = rows_.capacity() * sizeof(rows_[0]);
  for (const auto& states : states_) bytes += states == nullptr ? 0 : states->bytes();
  return bytes;
}

void NumberedGroups::count(std::span<const std::uint32_t> groups) {
  std::uint64_t* const rows = rows_.data();
  std::size_t i = 0;
  for (; i + 1 < groups.size(); i += 2) {
    ++rows[2 * std::size_t{groups[i]}];
    ++rows[2 * std::size_t{groups[i + 1]} + 1];
  }
  if (i < groups.size()) ++rows[2 * std::size_t{groups[i]}];
}

absl::Status NumberedGroups::add(std::span<const std::uint32_t> groups,
                                 std::span<const ColumnPtr> arguments) {
  count(groups);
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    if (states_[i] == nullptr) continue;
    GRAPEVINE_RETURN_IF_ERROR(
        states_[i]->add(groups, arguments.first(calls_[i].argument_count), {}));
    arguments = arguments.subspan(calls_[i].argument_count);
  }
  return lease_.hold(bytes());
}

absl::StatusOr<FinishedGroups> FinishedGroups::of(std::vector<NumberedGroups> lanes,
                                                  const Stop& stop) {
  const std::size_t groups = lanes[0].rows_.size() / 2;
  std::vector<std::uint64_t> rows(groups);
  for (const NumberedGroups& lane : lanes) {
    for (std::size_t group = 0; group < groups; ++group) rows[group] += lane.rows_of(group);
  }
  FinishedGroups finished;
  std::vector<std::uint64_t> counts;
  for (std::uint32_t group = 0; group < groups; ++group) {
    if (rows[group] == 0) continue;
    finished.groups.push_back(group);
    counts.push_back(rows[group]);
  }
  const std::size_t calls = lanes[0].calls_.size();
  finished.columns.resize(calls);
  std::vector<std::uint32_t> same(groups);
  std::iota(same.begin(), same.end(), 0);
  std::vector<absl::Status> statuses(calls);
  for_each(calls, [&](std::size_t call) {
    if (stop.requested()) return;
    AggregateStates* const states = lanes[0].states_[call].get();
    if (states == nullptr) {
      finished.columns[call] = counts_column(counts);
      return;
    }
    for (std::size_t l = 1; l < lanes.size(); ++l) {
      std::unique_ptr<AggregateStates>& others = lanes[l].states_[call];
      others->seal();
      states->merge(*others, same);
      others.reset();
    }
    auto result = states->finish();
    statuses[call] = result.status();
    if (result.ok()) finished.columns[call] = gather(*result, finished.groups);
  });
  if (stop.requested()) {
    return query_error(QueryErrorCode::QueryWasCancelled, "Query was cancelled");
  }
  for (absl::Status& status : statuses) GRAPEVINE_RETURN_IF_ERROR(std::move(status));
  return finished;
}

}  // namespace grapevine::sql
