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

std::size_t CustomerColumn::lower_bound(std::uint64_t customer) const {
  const auto block =
      std::lower_bound(blocks_.begin(), blocks_.end(), customer >> 16,
                       [](const Block& b, std::uint64_t wanted) { return b.high < wanted; });
  if (block == blocks_.end()) return size();
  if (block->high != customer >> 16) return block->begin;
  const auto end =
      static_cast<std::ptrdiff_t>(end_of(static_cast<std::size_t>(block - blocks_.begin())));
  const auto found = std::lower_bound(lows_.begin() + block->begin, lows_.begin() + end,
                                      static_cast<std::uint16_t>(customer));
  return static_cast<std::size_t>(found - lows_.begin());
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
