#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "storage/ids.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// One value of a row in the delta. A column's cells in one block are all of one type (strings all
/// codes, or all texts), but for Int64 and Float64, which may mix as long as every integer is a
/// double exactly.
struct DeltaCell {
  ColumnId column{};
  ValueType type = ValueType::Null;
  bool is_text = false;    ///< A String whose bits are a text that the block keeps; see text_of().
  std::uint64_t bits = 0;  ///< Other Strings: a code of the column's dictionary.
};

/// One event in the delta: row by row, because it is written so, once, and soon sorted into
/// columns.
struct DeltaRow {
  TimeMs ts = 0;
  EventNameId event{};
  CustomerId customer{};  ///< The number of the external id under which it came.
  CustomerId target = kNobody;
  std::uint32_t cells_count = 0;
  const DeltaCell* cells = nullptr;
  std::string_view message_id;  ///< Empty: derived from the sequence.
};

/// The rows that came last, in order of arrival, at most `kRows` of them. Nothing in it ever moves,
/// so a reader who knows how many rows were published reads those while more are added.
///
/// Thread safety: one thread adds; any number read what was published to them.
class DeltaBlock {
 public:
  static constexpr std::size_t kRows = 4096;

  explicit DeltaBlock(std::uint64_t first_sequence);

  [[nodiscard]] bool full() const { return count_ == kRows; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// The sequence number of row 0; the others follow.
  [[nodiscard]] std::uint64_t first_sequence() const { return first_sequence_; }
  [[nodiscard]] const DeltaRow& row(std::size_t i) const { return rows_[i]; }

  /// Room for the cells of the next row.
  DeltaCell* new_cells(std::size_t count);
  /// A copy of `text` that lives as long as the block.
  std::string_view keep(std::string_view text);
  /// The same as the bits of a cell that `is_text`.
  std::uint64_t keep_cell_text(std::string_view text);
  /// Precondition: cell.is_text, and its block lives.
  static std::string_view text_of(const DeltaCell& cell);
  /// Precondition: !full().
  void add(const DeltaRow& row) { rows_[count_++] = row; }

 private:
  std::uint64_t first_sequence_;
  std::size_t count_ = 0;
  std::unique_ptr<DeltaRow[]> rows_;
  std::vector<std::unique_ptr<DeltaCell[]>> cell_chunks_;
  std::size_t cells_left_ = 0;
  DeltaCell* cells_free_ = nullptr;
  char* new_bytes(std::size_t bytes);

  std::vector<std::unique_ptr<char[]>> text_chunks_;
  std::size_t text_left_ = 0;
  char* text_free_ = nullptr;
};

/// What a snapshot sees of the delta.
struct DeltaView {
  std::shared_ptr<const DeltaBlock> block;
  std::size_t rows = 0;
};

}  // namespace grapevine
