#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "storage/ids.hpp"
#include "storage/part.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// One column of a run while it is filled, row by row in any order. Values are 64 bits as in
/// DeltaCell.
class ColumnDraft {
 public:
  explicit ColumnDraft(std::size_t rows) : bits_(rows), present_((rows + 63) / 64) {}

  void set(std::size_t row, std::uint64_t bits) {
    bits_[row] = bits;
    present_[row / 64] |= std::uint64_t{1} << (row % 64);
    ++count_;
  }
  /// The column, kept in the way of a core column or, for the others, by `type`.
  RunColumn finish(ColumnId id, ValueType type) &&;

 private:
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint64_t> present_;
  std::size_t count_ = 0;
};

/// A text column with a value a row; where `texts[row].data()` is nullptr the row is null.
RunColumn make_text_column(ColumnId id, std::span<const std::string_view> texts);

/// The texts one after the other; nothing at all when every one is empty.
TextValues concatenate(std::span<const std::string_view> texts);

/// Notes under which external id the run's next row came. Rows are noted in order; the row's
/// customer is in place.
void add_identity(Run& run, std::uint32_t row, CustomerId identity);

/// Whether an integer survives becoming a double.
constexpr bool exact_as_double(std::int64_t number) {
  constexpr std::int64_t kLargest = std::int64_t{1} << 53;
  return -kLargest <= number && number <= kLargest;
}

}  // namespace grapevine
