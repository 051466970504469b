#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kernels/query/aggregate.hpp"
#include "kernels/query/aggregates/group_bits.hpp"
#include "kernels/query/group_table.hpp"
#include "kernels/query/key_slots.hpp"

namespace grapevine::sql {

/// How many distinct rows of the arguments each group has, exactly. Not thread-safe.
///
/// How     Values are numbers: a single text of one pool its code, others in order of appearance. A group
///         has a bit for each value, as long as that takes little more memory than a set of pairs of
///         group and value, which comes instead. Codes that come range by range need the bits of one
///         range alone, and merging is adding up.
class UniqueCounts final : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit UniqueCounts(std::vector<DataType> types);
  void resize(std::size_t groups) override { counts_.resize(groups); }
  bool expect_codes(CodeRange range) override;
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override;
  void seal() override;
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override;
  absl::StatusOr<ColumnPtr> finish() override;
  [[nodiscard]] std::size_t bytes() const override;

 private:
  bool take_codes(const Column& column);
  void forget_codes();
  void add_pairs(std::span<const std::uint32_t> groups, std::span<const std::uint32_t> values,
                 std::size_t values_max);
  void add_to_one(std::span<const std::uint32_t> values, std::uint32_t first);
  bool make_room(std::size_t values_max);
  void leave_bits();
  void merge_bits(const UniqueCounts& others, std::uint32_t from, std::uint32_t to);
  [[nodiscard]] std::size_t values_max() const;
  [[nodiscard]] std::vector<ColumnPtr> columns_of(std::span<const std::uint32_t> values) const;
  /// Calls `body(value)` for those of a group. Precondition: sealed.
  template <typename Body>
  void for_each_of(std::uint32_t group, const Body& body) const;

  std::vector<DataType> types_;
  GroupTable table_;
  bool may_use_codes_;
  std::shared_ptr<const StringPool> pool_;  // Whose codes are the values; nullptr: the table's are.
  std::vector<std::uint64_t> counts_;
  bool uses_bits_ = true;
  GroupBits bits_;
  std::optional<CodeRange> range_;  // Of the codes that come now; those of others come no more.
  std::uint64_t pairs_ = 0;
  WordSet set_;
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> kept_groups_;
  std::vector<ColumnPtr> kept_columns_;
  std::vector<ColumnPtr> sealed_values_;
  std::vector<std::uint64_t> sealed_pairs_;  // Sorted.
};

}  // namespace grapevine::sql
