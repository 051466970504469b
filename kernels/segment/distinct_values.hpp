#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "kernels/segment/measure.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// How many different values each customer of a block has: a State of `customers_by_state`. Values
/// are the same where they are equal, whatever type they are kept in: 3 and 3.0; in a column of
/// strings where their texts are. Not thread-safe.
///
/// Cost    16 bytes a row of the block, and a sort of them; texts that no dictionary has are kept
///         once.
class DistinctValues {
 public:
  /// `snapshot` outlives it.
  DistinctValues(const Snapshot& snapshot, const Measure& measure, Range<std::int64_t> bounds);

  void reset(std::size_t customers);
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first);
  void finish();
  [[nodiscard]] std::int64_t value(std::size_t i) const { return counts_[i]; }
  [[nodiscard]] bool has(std::size_t i) const { return bounds_.has(value(i)); }

 private:
  // What keeps numbers from different sources apart.
  enum class Source : std::uint32_t { Number, LargeInteger, Code, OtherText };
  struct Value {
    std::uint32_t customer;  // Of the block.
    Source source;
    std::uint64_t bits;
    friend auto operator<=>(const Value&, const Value&) = default;
  };

  void add_column(const Run& run, const RunColumn& column, RowRange rows,
                  std::span<const std::uint8_t> mask, std::size_t first);
  void add_number(std::size_t customer, std::int64_t number);
  void add_number(std::size_t customer, double number);
  void add_text(std::size_t customer, std::string_view text);
  void add_value(std::size_t customer, Source source, std::uint64_t bits) {
    values_.push_back({static_cast<std::uint32_t>(customer), source, bits});
  }

  const Snapshot* snapshot_;
  ColumnId of_;
  bool of_target_;
  bool as_text_ = false;                    // The column's widest type is String.
  const Dictionary* dictionary_ = nullptr;  // Of the column.
  Range<std::int64_t> bounds_;
  std::vector<Value> values_;
  std::vector<std::uint32_t> counts_;
  absl::flat_hash_map<std::string, std::uint64_t> other_texts_;
};

}  // namespace grapevine
