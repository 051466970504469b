#include "kernels/listen/row_list.hpp"

#include <algorithm>
#include <array>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/bit_bytes.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kTogether = 512;

// Calls `body(mask, bytes)` for pieces of the mask with a byte, 1 or 0, for each row of the list.
template <typename Body>
void for_each_piece(const std::vector<std::uint64_t>& bits, RowRange rows,
                    std::span<std::uint8_t> mask, const Body& body) {
  std::array<std::uint8_t, kTogether> listed;
  for (std::size_t begin = 0; begin < mask.size(); begin += kTogether) {
    const auto piece = mask.subspan(begin, std::min(kTogether, mask.size() - begin));
    const auto bytes = std::span(listed).first(piece.size());
    bytes_of_bits(bits, rows.begin + begin, bytes);
    body(piece, bytes);
  }
}

}  // namespace

RowList::RowList(std::span<const std::uint32_t> rows, std::size_t run_rows) : count_(rows.size()) {
  const std::size_t words = blocks_of(run_rows, 64);
  if (rows.size() * sizeof(std::uint32_t) <= words * sizeof(std::uint64_t)) {
    rows_.assign(rows.begin(), rows.end());
    return;
  }
  bits_.assign(words, 0);
  for (const std::uint32_t row : rows) bits_[row / 64] |= std::uint64_t{1} << (row % 64);
}

void RowList::keep(RowRange rows, std::span<std::uint8_t> mask) const {
  if (!bits_.empty()) {
    return for_each_piece(bits_, rows, mask, [](auto piece, auto listed) {
      for (std::size_t i = 0; i < piece.size(); ++i) piece[i] &= listed[i];
    });
  }
  std::size_t next = 0;  // Everything before it is done.
  for (auto row = std::lower_bound(rows_.begin(), rows_.end(), rows.begin);
       row != rows_.end() && *row < rows.end; ++row) {
    const std::size_t place = *row - rows.begin;
    std::fill(mask.begin() + static_cast<std::ptrdiff_t>(next),
              mask.begin() + static_cast<std::ptrdiff_t>(place), std::uint8_t{0});
    next = place + 1;
  }
  std::fill(mask.begin() + static_cast<std::ptrdiff_t>(next), mask.end(), std::uint8_t{0});
}

void RowList::mark(RowRange rows, std::span<std::uint8_t> mask) const {
  if (!bits_.empty()) {
    return for_each_piece(bits_, rows, mask, [](auto piece, auto listed) {
      for (std::size_t i = 0; i < piece.size(); ++i) piece[i] |= listed[i];
    });
  }
  for (auto row = std::lower_bound(rows_.begin(), rows_.end(), rows.begin);
       row != rows_.end() && *row < rows.end; ++row) {
    mask[*row - rows.begin] = 1;
  }
}

}  // namespace grapevine
