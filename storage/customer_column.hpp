#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/ids.hpp"

namespace grapevine {

/// Whose each row of a run is, ascending: two bytes a row, and 8 for each block of 65,536 customers
/// that has rows. Immutable; any number of threads may read.
class CustomerColumn {
 public:
  /// The rows from `begin` to the next block's are of customers high << 16 and above.
  struct Block {
    std::uint32_t high;
    std::uint32_t begin;
  };

  CustomerColumn() = default;
  /// Precondition: `ascending` does.
  explicit CustomerColumn(std::span<const CustomerId> ascending);
  /// What blocks() and lows() said, read back.
  CustomerColumn(std::vector<Block> blocks, std::vector<std::uint16_t> lows)
      : blocks_(std::move(blocks)), lows_(std::move(lows)) {}

  [[nodiscard]] std::size_t size() const { return lows_.size(); }
  /// Cost: a binary search of the blocks. Loops use for_each.
  CustomerId operator[](std::size_t row) const;
  /// The first row of `customer` or a later one; size() where there is none. Takes one more than
  /// the largest CustomerId too. Cost: a few steps where customers are spread evenly, at most
  /// logarithmic.
  [[nodiscard]] std::size_t lower_bound(std::uint64_t customer) const;

  struct Rows {
    std::size_t begin;
    std::size_t end;
  };
  /// A customer's rows. Cost: as lower_bound, and a look at each row.
  [[nodiscard]] Rows rows_of(CustomerId customer) const;

  /// Calls `body(row, customer)` for the rows [begin, end).
  template <typename Body>
  void for_each(std::size_t begin, std::size_t end, const Body& body) const {
    for (std::size_t row = begin, b = block_of(begin); row < end; ++b) {
      const std::uint32_t first = blocks_[b].high << 16;
      const std::size_t last = std::min(end, end_of(b));
      for (; row < last; ++row) body(row, CustomerId(first | lows_[row]));
    }
  }

  /// Names the members for a file (see checkpoint/fields.hpp).
  template <typename Archive, typename Self>
  static void fields(Archive& archive, Self& self) {
    archive(self.blocks_, self.lows_);
  }
  /// Whether the members go together, which may come from a file.
  [[nodiscard]] bool is_sound() const;

  [[nodiscard]] std::span<const Block> blocks() const { return blocks_; }
  [[nodiscard]] std::span<const std::uint16_t> lows() const { return lows_; }
  [[nodiscard]] std::size_t bytes() const {
    return blocks_.capacity() * sizeof(Block) + lows_.capacity() * sizeof(std::uint16_t);
  }

 private:
  // The first block of that number or a later one.
  [[nodiscard]] std::size_t first_block_from(std::uint64_t high) const;
  // The first of a block's rows whose customer's lower half is at least `low`. Precondition: not empty.
  [[nodiscard]] std::size_t first_row_from(Rows rows, std::uint16_t low) const;
  // The block of a row; of those beyond the last, the last.
  [[nodiscard]] std::size_t block_of(std::size_t row) const;
  [[nodiscard]] std::size_t end_of(std::size_t block) const {
    return block + 1 < blocks_.size() ? blocks_[block + 1].begin : lows_.size();
  }

  std::vector<Block> blocks_;
  std::vector<std::uint16_t> lows_;
};

}  // namespace grapevine
