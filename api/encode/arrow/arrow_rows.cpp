#include "api/encode/arrow/arrow_rows.hpp"

#include <algorithm>

namespace grapevine {
namespace {

constexpr std::size_t kReservedMax = std::size_t{256} << 20;

}  // namespace

ArrowRows::ArrowRows(std::vector<ArrowField> fields, std::size_t rows)
    : cells_([&] {
        std::vector<ArrowCells> cells;
        for (const ArrowField& field : fields) cells.emplace_back(field.type);
        return cells;
      }()),
      stream_(std::move(fields)),
      rows_left_(rows) {}

void ArrowRows::set_texts(std::size_t column, const std::vector<std::string_view>& texts) {
  ArrowCells piece(ArrowType::Utf8);
  bool written = false;
  const auto write = [&] {
    stream_.add_texts(column, piece.rows(), piece.column());
    piece.clear();
    written = true;
  };
  for (const std::string_view text : texts) {
    piece.add_text(text);
    if (piece.text_bytes() >= kBatchTextBytes) write();
  }
  // Usually one batch is all: some readers know no batches that add to a dictionary.
  if (!written || piece.rows() != 0) write();
}

void ArrowRows::rows_are_added() {
  const std::size_t rows = cells_.front().rows();
  const bool enough =
      rows >= kBatchRows || std::any_of(cells_.begin(), cells_.end(), [](const ArrowCells& cells) {
        return cells.text_bytes() >= kBatchTextBytes;
      });
  if (enough) write_batch();
}

std::string ArrowRows::finish() && {
  if (cells_.front().rows() != 0) write_batch();
  stream_.end();
  return stream_.take();
}

void ArrowRows::write_batch() {
  std::vector<ArrowColumn> columns;
  for (const ArrowCells& cells : cells_) columns.push_back(cells.column());
  const std::size_t rows = cells_.front().rows();
  const std::size_t before = stream_.bytes();
  stream_.add_batch(rows, columns);
  // As much for each row that is left, so that what is written is not moved again and again; but the
  // first rows may have larger texts than the others.
  rows_left_ -= std::min(rows_left_, rows);
  stream_.reserve(std::min(kReservedMax, (stream_.bytes() - before) * rows_left_ / rows));
  for (ArrowCells& cells : cells_) cells.clear();
}

}  // namespace grapevine
