#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "kernels/parallel/group_stably.hpp"
#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/array_of_group.hpp"
#include "kernels/query/aggregates/distinct_rows.hpp"
#include "kernels/query/aggregates/parameters.hpp"
#include "kernels/query/aggregates/selected_rows.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/value_bytes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

// What texts take beside their column.
std::size_t text_bytes(const Column& column) {
  std::size_t sum = 0;
  if (const auto* texts = std::get_if<TextValues>(&column.values)) {
    for (const std::string_view text : texts->texts) sum += text.size();
  }
  return sum;
}

// The values of each group in the order of rows, of each the first `limit`.
class GroupArrays final : public AggregateStates {
 public:
  using AggregateStates::merge;
  GroupArrays(DataType type, std::uint64_t limit) : type_(std::move(type)), limit_(limit) {}
  void resize(std::size_t groups) override {
    groups_ = groups;
    if (limit_ != kNoLimit) counts_.resize(groups);
  }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    if (limit_ != kNoLimit) mask = within_limit(groups, mask);
    const SelectedRows rows =
        SelectedRows::of(groups, arguments.first(1), mask, kept_groups_, kept_columns_);
    if (rows.groups.empty()) return absl::OkStatus();
    keep(rows.groups, rows.columns[0]);
    return absl::OkStatus();
  }
  void seal() override {
    const ColumnPtr all = concatenated();
    const std::vector<std::uint32_t> groups = all_groups();
    std::vector<std::uint32_t> order(groups.size());
    offsets_ = group_stably(
        groups.size(), groups_, [&](std::size_t i) { return std::size_t{groups[i]}; },
        [&](std::size_t i, std::size_t position) {
          order[position] = static_cast<std::uint32_t>(i);
        });
    sorted_ = gather(all, order);
    blocks_.clear();
  }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const auto& others = static_cast<const GroupArrays&>(other);
    std::vector<std::uint32_t> rows;
    std::vector<std::uint32_t> groups;
    for (std::size_t i = 0; i < from.size(); ++i) {
      std::size_t end = others.offsets_[from[i] + 1];
      const std::size_t begin = others.offsets_[from[i]];
      if (limit_ != kNoLimit) {
        end = std::min(end, begin + (limit_ - counts_[to[i]]));
        counts_[to[i]] += end - begin;
      }
      for (std::size_t row = begin; row < end; ++row) {
        rows.push_back(static_cast<std::uint32_t>(row));
        groups.push_back(to[i]);
      }
    }
    if (!rows.empty()) keep(groups, gather(others.sorted_, rows));
  }
  absl::StatusOr<ColumnPtr> finish() override {
    seal();
    return array_of_group(sorted_, offsets_);
  }
  [[nodiscard]] std::size_t bytes() const override {
    return bytes_ + counts_.capacity() * sizeof(counts_[0]);
  }

 private:
  struct Kept {
    std::vector<std::uint32_t> groups;
    ColumnPtr column;
  };

  void keep(std::span<const std::uint32_t> groups, const ColumnPtr& column) {
    bytes_ += groups.size() * sizeof(groups[0]) + column->bytes() + text_bytes(*column);
    blocks_.push_back({{groups.begin(), groups.end()}, column});
  }
  // Leaves the rows whose group has room, and counts them.
  std::span<const std::uint8_t> within_limit(std::span<const std::uint32_t> groups,
                                             std::span<const std::uint8_t> mask) {
    mask_.resize(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
      std::uint64_t& count = counts_[groups[i]];
      mask_[i] = (mask.empty() || mask[i] != 0) && count < limit_ ? 1 : 0;
      count += mask_[i];
    }
    return mask_;
  }
  [[nodiscard]] ColumnPtr concatenated() const {
    if (blocks_.empty()) return slice(full(constant_default(type_, 1)), 0, 0);
    std::vector<ColumnPtr> columns;
    for (const Kept& block : blocks_) columns.push_back(block.column);
    return concatenate(type_, columns);
  }
  [[nodiscard]] std::vector<std::uint32_t> all_groups() const {
    std::vector<std::uint32_t> groups;
    for (const Kept& block : blocks_) {
      groups.insert(groups.end(), block.groups.begin(), block.groups.end());
    }
    return groups;
  }

  DataType type_;
  std::uint64_t limit_;
  std::size_t groups_ = 0;
  std::vector<Kept> blocks_;
  std::size_t bytes_ = 0;
  std::vector<std::uint64_t> counts_;  // Where there is a limit.
  std::vector<std::uint8_t> mask_;
  std::vector<std::uint32_t> kept_groups_;
  std::vector<ColumnPtr> kept_columns_;
  // Once sealed.
  ColumnPtr sorted_;
  std::vector<std::size_t> offsets_;
};

// The distinct values of each group in order of their first row, of each the first `limit`.
class GroupUniqueArrays final : public AggregateStates {
 public:
  using AggregateStates::merge;
  GroupUniqueArrays(DataType type, std::uint64_t limit) : rows_({std::move(type)}), limit_(limit) {}
  void resize(std::size_t groups) override { groups_ = groups; }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const SelectedRows rows =
        SelectedRows::of(groups, arguments, mask, kept_groups_, kept_columns_);
    rows_.add(rows.groups, rows.columns);
    return absl::OkStatus();
  }
  void seal() override { rows_.seal(groups_); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    rows_.merge(static_cast<const GroupUniqueArrays&>(other).rows_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    rows_.seal(groups_);
    std::vector<std::uint32_t> numbers;
    std::vector<std::size_t> offsets{0};
    for (std::uint32_t group = 0; group < groups_; ++group) {
      const auto all = rows_.numbers_of(group);
      const auto some =
          all.first(static_cast<std::size_t>(std::min<std::uint64_t>(limit_, all.size())));
      numbers.insert(numbers.end(), some.begin(), some.end());
      offsets.push_back(numbers.size());
    }
    return array_of_group(rows_.rows(numbers)[0], offsets);
  }
  [[nodiscard]] std::size_t bytes() const override { return rows_.bytes(); }

 private:
  DistinctRows rows_;
  std::uint64_t limit_;
  std::size_t groups_ = 0;
  std::vector<std::uint32_t> kept_groups_;
  std::vector<ColumnPtr> kept_columns_;
};

absl::StatusOr<std::uint64_t> limit_of(const AggregateRequest& request) {
  if (request.parameters.empty()) return kNoLimit;
  if (request.parameters.size() > 1) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Incorrect number of parameters for aggregate function " +
                           std::string(request.name) + ", should be 0 or 1");
  }
  const auto limit = count_parameter(*request.parameters[0]);
  if (!limit.ok() || *limit == 0) {
    return query_error(QueryErrorCode::BadArguments, "Parameter for aggregate function " +
                                                         std::string(request.name) +
                                                         " should be positive number");
  }
  return *limit;
}

template <typename States>
absl::StatusOr<AggregatePtr> make_array(const AggregateRequest& request) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t limit, limit_of(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const DataType type = request.arguments[0];
  return made(array_of(type), [type, limit] { return std::make_unique<States>(type, limit); });
}

constexpr std::array kKinds{
    AggregateKind{"groupArray", make_array<GroupArrays>, false, true},
    AggregateKind{"array_agg", make_array<GroupArrays>, true, true, "groupArray"},
    AggregateKind{"groupUniqArray", make_array<GroupUniqueArrays>, false, true},
};

}  // namespace

std::span<const AggregateKind> array_kinds() { return kKinds; }

}  // namespace grapevine::sql
