#include "kernels/query/aggregates/distinct_rows.hpp"

#include "kernels/parallel/group_stably.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kAhead = 16;

std::uint64_t pair_of(std::uint32_t group, std::uint32_t value) {
  return std::uint64_t{group} << 32 | value;
}

}  // namespace

std::uint32_t DistinctRows::number_of(std::uint64_t pair) {
  std::uint32_t number = numbers_.find(pair);
  if (number != WordSlots::kNone) return number;
  if (!numbers_.has_room()) numbers_.grow(pairs_);
  number = static_cast<std::uint32_t>(pairs_.size());
  pairs_.push_back(pair);
  numbers_.insert(pair, number);
  return number;
}

std::span<const std::uint32_t> DistinctRows::add(std::span<const std::uint32_t> groups,
                                                 std::span<const ColumnPtr> columns) {
  ids_.resize(groups.size());
  values_.assign(columns, groups.size(), ids_);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (numbers_.bytes() > 0 && i + kAhead < groups.size()) {
      numbers_.prefetch(pair_of(groups[i + kAhead], ids_[i + kAhead]));
    }
    ids_[i] = number_of(pair_of(groups[i], ids_[i]));
  }
  return ids_;
}

std::vector<ColumnPtr> DistinctRows::rows(std::span<const std::uint32_t> numbers) const {
  std::vector<std::uint32_t> values(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    values[i] = static_cast<std::uint32_t>(pairs_[numbers[i]]);
  }
  std::vector<ColumnPtr> columns = sealed_values_.empty() ? values_.keys() : sealed_values_;
  for (ColumnPtr& column : columns) column = gather(column, values);
  return columns;
}

void DistinctRows::seal(std::size_t groups) {
  sealed_values_ = values_.keys();
  sealed_numbers_.resize(pairs_.size());
  sealed_offsets_ = group_stably(
      pairs_.size(), groups, [&](std::size_t i) { return static_cast<std::size_t>(group(i)); },
      [&](std::size_t i, std::size_t position) {
        sealed_numbers_[position] = static_cast<std::uint32_t>(i);
      });
}

DistinctRows::Merged DistinctRows::merge(const DistinctRows& other,
                                         std::span<const std::uint32_t> from,
                                         std::span<const std::uint32_t> to) {
  Merged merged;
  std::vector<std::uint32_t> groups;
  for (std::size_t i = 0; i < from.size(); ++i) {
    for (std::size_t at = other.sealed_offsets_[from[i]]; at != other.sealed_offsets_[from[i] + 1];
         ++at) {
      merged.numbers_there.push_back(other.sealed_numbers_[at]);
      groups.push_back(to[i]);
    }
  }
  const std::vector<ColumnPtr> columns = other.rows(merged.numbers_there);
  const std::span<const std::uint32_t> numbers = add(groups, columns);
  merged.numbers_here.assign(numbers.begin(), numbers.end());
  return merged;
}

std::size_t DistinctRows::bytes() const {
  return values_.bytes() + pairs_.capacity() * sizeof(pairs_[0]) + numbers_.bytes();
}

}  // namespace grapevine::sql
