#include "kernels/query/cut_rows.hpp"

#include <utility>

namespace grapevine::sql {
namespace {

std::size_t bytes_in(const Column& column, std::size_t begin, std::size_t end);

// Bytes that the values stored at [begin, end) take.
std::size_t bytes_stored(const Column& column, std::size_t begin, std::size_t end) {
  if (begin >= end) return 0;
  std::size_t bytes = 0;
  switch (column.type.id) {
    case TypeId::String:
      for (std::size_t i = begin; i < end; ++i) {
        if (column.nulls.empty() || column.nulls[i] == 0) bytes += column.text(i).size();
      }
      return bytes + (end - begin);
    case TypeId::Array: {
      const ArrayValues& array = column.array();
      const std::size_t first = begin == 0 ? 0 : array.ends[begin - 1];
      return bytes_in(*array.elements, first, array.ends[end - 1]) + (end - begin);
    }
    case TypeId::Tuple:
      for (const ColumnPtr& element : column.tuple().elements) {
        bytes += bytes_in(*element, begin, end);
      }
      return bytes;
    default: return (end - begin) * width_of(column.type.id);
  }
}

std::size_t bytes_in(const Column& column, std::size_t begin, std::size_t end) {
  if (!column.constant) return bytes_stored(column, begin, end);
  return begin < end ? (end - begin) * bytes_stored(column, 0, 1) : 0;
}

void cut(const Block& block, std::size_t begin, std::size_t end, std::size_t bytes_max,
         std::vector<Block>& pieces) {
  std::size_t bytes = 0;
  for (const ColumnPtr& column : block.columns) bytes += bytes_in(*column, begin, end);
  if (bytes > bytes_max && end - begin > 1) {
    const std::size_t middle = begin + (end - begin) / 2;
    cut(block, begin, middle, bytes_max, pieces);
    cut(block, middle, end, bytes_max, pieces);
    return;
  }
  Block piece{end - begin, {}};
  for (const ColumnPtr& column : block.columns) piece.columns.push_back(slice(column, begin, end));
  pieces.push_back(std::move(piece));
}

}  // namespace

std::vector<Block> cut_rows(Block block, std::size_t bytes_max) {
  std::size_t bytes = 0;
  for (const ColumnPtr& column : block.columns) bytes += bytes_in(*column, 0, block.rows);
  std::vector<Block> pieces;
  if (bytes <= bytes_max || block.rows <= 1) {
    pieces.push_back(std::move(block));
  } else {
    cut(block, 0, block.rows, bytes_max, pieces);
  }
  return pieces;
}

}  // namespace grapevine::sql
