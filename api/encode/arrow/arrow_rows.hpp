#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/arrow/arrow_cells.hpp"
#include "api/encode/arrow/arrow_stream.hpp"

namespace grapevine {

/// Rows into a stream, a batch whenever enough came together. Columns are filled through `cells`;
/// `rows_are_added` is called whenever all of them have the same number of rows, at least once in
/// kRowsBetween rows.
class ArrowRows {
 public:
  /// So that no batch reaches 2 GiB of text, where a cell has 1 MiB at most.
  static constexpr std::size_t kRowsBetween = 512;
  static constexpr std::size_t kBatchRows = 65'536;
  static constexpr std::size_t kBatchTextBytes = std::size_t{64} << 20;

  /// `rows`: how many will be added.
  ArrowRows(std::vector<ArrowField> fields, std::size_t rows);

  /// The texts of a Dictionary column, which are all that it will have: code i is texts[i].
  void set_texts(std::size_t column, const std::vector<std::string_view>& texts);
  [[nodiscard]] ArrowCells& cells(std::size_t column) { return cells_[column]; }
  void rows_are_added();
  /// The whole stream.
  std::string finish() &&;

 private:
  void write_batch();

  std::vector<ArrowCells> cells_;
  ArrowStream stream_;
  std::size_t rows_left_;
};

}  // namespace grapevine
