#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"
#include "kernels/query/text_ids.hpp"

namespace grapevine::sql {

/// Turns keys of any types into numbers of 1 to 64 bits: two keys are equal where their numbers and
/// their being NULL are. A tuple is its elements; texts and arrays go by numbers of their own.
/// Not thread-safe, but for `find` and `values`.
class KeyCodes {
 public:
  /// Which numbers a part of the keys has.
  struct Part {
    TypeId type;
    bool nullable;
    std::uint8_t bits;  ///< 8, 16, 32 or 64; 0: NULL alone.
    bool in_order;      ///< Numbers lie as close together as the values do: texts and integers.
  };

  /// The numbers of one part in a block. Either all rows have `value`, or `numbers` has one for
  /// each, to be read as an unsigned integer of `width` bytes and xored with `flip`.
  struct Numbers {
    const void* numbers = nullptr;  ///< nullptr: constant.
    std::uint8_t width = 8;
    std::uint64_t flip = 0;
    std::uint64_t value = 0;              ///< 0 where it is NULL.
    const std::uint8_t* nulls = nullptr;  ///< nullptr: none is, or all are.
    bool is_null = false;                 ///< All are.
    /// Some may be text without a number: numbers that are TextIds::kMissing mean that.
    bool may_miss = false;
  };

  /// What `Numbers` of a block stand in. Reused from block to block.
  struct Scratch {
    std::vector<std::vector<std::uint64_t>> words;  ///< One a part, where needed.
    std::vector<std::uint8_t> some_null;  ///< A byte a row: a key of a kind without NULL is.
  };

  explicit KeyCodes(const std::vector<DataType>& keys);

  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  /// One a part. New texts get numbers. Where a kind of key has no NULL, what stands at one counts.
  std::vector<Numbers> assign(std::span<const ColumnPtr> keys, std::size_t rows, Scratch& scratch);
  /// One a part. `scratch.some_null` is empty or tells which rows have NULL where the type has none.
  std::vector<Numbers> find(std::span<const ColumnPtr> keys, std::size_t rows,
                            Scratch& scratch) const;
  /// Values that a part's numbers stand for below.
  [[nodiscard]] std::size_t numbers_of_texts(std::size_t part) const { return texts_[part].size(); }
  /// The keys of rows with these numbers, part by part.
  /// Shapes  numbers[part] and nulls[part] (or empty) have an element a row.
  [[nodiscard]] std::vector<ColumnPtr> values(std::span<const std::vector<std::uint64_t>> numbers,
                                              std::span<const std::vector<std::uint8_t>> nulls,
                                              std::size_t rows) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  void add_parts(const DataType& type);
  [[nodiscard]] ColumnPtr value_of(const DataType& type, std::size_t& part,
                                   std::span<const std::vector<std::uint64_t>> numbers,
                                   std::span<const std::vector<std::uint8_t>> nulls,
                                   std::size_t rows) const;

  std::vector<DataType> keys_;
  std::vector<Part> parts_;
  std::vector<TextIds> texts_;  // One a part; empty where it has none.
};

}  // namespace grapevine::sql
