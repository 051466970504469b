#include "storage/customer_column.hpp"

namespace grapevine {

CustomerColumn::CustomerColumn(std::span<const CustomerId> ascending) : lows_(ascending.size()) {
  std::size_t blocks = 0;
  for (std::size_t row = 0; row < ascending.size(); ++row) {
    lows_[row] = static_cast<std::uint16_t>(index(ascending[row]));
    blocks += row == 0 || index(ascending[row]) >> 16 != index(ascending[row - 1]) >> 16 ? 1 : 0;
  }
  blocks_.reserve(blocks);
  for (std::size_t row = 0; row < ascending.size(); ++row) {
    const std::uint32_t high = index(ascending[row]) >> 16;
    if (blocks_.empty() || blocks_.back().high != high) {
      blocks_.push_back({high, static_cast<std::uint32_t>(row)});
    }
  }
}

std::size_t CustomerColumn::block_of(std::size_t row) const {
  const auto after =
      std::upper_bound(blocks_.begin(), blocks_.end(), row,
                       [](std::size_t wanted, const Block& block) { return wanted < block.begin; });
  return static_cast<std::size_t>(after - blocks_.begin()) - 1;
}

CustomerId CustomerColumn::operator[](std::size_t row) const {
  return CustomerId(blocks_[block_of(row)].high << 16 | lows_[row]);
}

// Mostly there is no gap between blocks, and then it is known which one it is.
std::size_t CustomerColumn::first_block_from(std::uint64_t high) const {
  if (blocks_.empty() || high <= blocks_.front().high) return 0;
  const std::size_t guess = high - blocks_.front().high;
  if (guess < blocks_.size() && blocks_[guess].high == high) return guess;
  const auto block =
      std::lower_bound(blocks_.begin(), blocks_.end(), high,
                       [](const Block& b, std::uint64_t wanted) { return b.high < wanted; });
  return static_cast<std::size_t>(block - blocks_.begin());
}

// Customers of a block are spread about evenly: where one would be then is looked at first, and from
// there on in steps that double (Bentley and Yao, Information Processing Letters 5 (1976) 82-87).
std::size_t CustomerColumn::first_row_from(Rows rows, std::uint16_t low) const {
  const std::uint16_t* const lows = lows_.data();
  std::size_t begin = rows.begin, end = rows.end;
  const std::size_t guess = begin + ((end - begin) * low >> 16);
  if (lows[guess] < low) {
    begin = guess + 1;
    for (std::size_t step = 4; begin + step < end; step *= 2) {
      if (lows[begin + step] >= low) {
        end = begin + step;
        break;
      }
      begin += step + 1;
    }
  } else {
    end = guess;
    for (std::size_t step = 4; end - begin > step; step *= 2) {
      if (lows[end - step] < low) {
        begin = end - step + 1;
        break;
      }
      end -= step;
    }
  }
  return static_cast<std::size_t>(std::lower_bound(lows + begin, lows + end, low) - lows);
}

std::size_t CustomerColumn::lower_bound(std::uint64_t customer) const {
  const std::size_t block = first_block_from(customer >> 16);
  if (block == blocks_.size()) return size();
  if (blocks_[block].high != customer >> 16) return blocks_[block].begin;
  return first_row_from({blocks_[block].begin, end_of(block)},
                        static_cast<std::uint16_t>(customer));
}

CustomerColumn::Rows CustomerColumn::rows_of(CustomerId customer) const {
  const auto low = static_cast<std::uint16_t>(index(customer));
  const std::size_t block = first_block_from(index(customer) >> 16);
  if (block == blocks_.size() || blocks_[block].high != index(customer) >> 16) return {0, 0};
  const std::size_t block_end = end_of(block);
  const std::size_t begin = first_row_from({blocks_[block].begin, block_end}, low);
  std::size_t end = begin;
  while (end < block_end && lows_[end] == low) ++end;
  return {begin, end};
}

bool CustomerColumn::is_sound() const {
  const auto in_order = [](const Block& a, const Block& b) {
    return a.high < b.high && a.begin < b.begin;
  };
  const auto out_of_order = [&](const Block& a, const Block& b) { return !in_order(a, b); };
  return blocks_.empty() == lows_.empty() &&
         (blocks_.empty() || (blocks_.front().begin == 0 && blocks_.back().begin < lows_.size() &&
                              blocks_.back().high <= 0xFFFF)) &&
         std::adjacent_find(blocks_.begin(), blocks_.end(), out_of_order) == blocks_.end();
}

}  // namespace grapevine
