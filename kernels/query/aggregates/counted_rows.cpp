#include "kernels/query/aggregates/counted_rows.hpp"

#include "kernels/query/visit_stored.hpp"

namespace grapevine::sql {

void CountedRows::add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> columns) {
  const auto numbers = rows_.add(groups, columns);
  counts_.resize(rows_.size());
  for (const std::uint32_t number : numbers) ++counts_[number];
}

void CountedRows::add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> columns,
                      const Column& weights) {
  const auto numbers = rows_.add(groups, columns);
  counts_.resize(rows_.size());
  visit_stored(weights.type.id, [&]<typename Value>(Value) {
    const std::span<const Value> weight = weights.fixed<Value>();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      counts_[numbers[i]] += static_cast<std::uint64_t>(weight[i]);
    }
  });
}

void CountedRows::merge(const CountedRows& other, std::span<const std::uint32_t> from,
                        std::span<const std::uint32_t> to) {
  const DistinctRows::Merged merged = rows_.merge(other.rows_, from, to);
  counts_.resize(rows_.size());
  for (std::size_t i = 0; i < merged.numbers_here.size(); ++i) {
    counts_[merged.numbers_here[i]] += other.counts_[merged.numbers_there[i]];
  }
}

}  // namespace grapevine::sql
