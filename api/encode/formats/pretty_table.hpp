#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "api/encode/formats/byte_buffer.hpp"
#include "api/encode/formats/format_writer.hpp"

namespace grapevine::sql {

enum class PrettyStyle : std::uint8_t { Full, Compact, Space };

/// A row that is shown: its number from 1 on and the texts of its cells.
struct PrettyRow {
  std::uint64_t number = 0;
  std::vector<std::string> cells;
  std::vector<std::string> tips;  ///< Beside numbers that are hard to read; "" elsewhere.
};

/// Draws rows as a table. Not thread-safe.
class PrettyTable {
 public:
  /// `rows_in_all`: those left out counted.
  PrettyTable(PrettyStyle style, const std::vector<ResultColumn>& columns,
              const std::deque<PrettyRow>& rows, std::uint64_t rows_in_all);

  /// Whether lines of values say more: few rows that are too wide, or have lines in their cells.
  [[nodiscard]] bool is_better_vertical() const;
  void append_to(ByteBuffer& out);

 private:
  struct Column {
    std::string name;
    std::size_t name_width = 0;
    std::size_t width = 0;
    bool right = false;
  };
  struct Grid;

  void measure(Column& column, std::size_t index, std::size_t before);
  void append_rule(ByteBuffer& out, const Grid& grid) const;
  void append_names(ByteBuffer& out, const Grid& grid) const;
  void append_left_out(ByteBuffer& out) const;
  void append_row(ByteBuffer& out, const PrettyRow& row) const;
  /// A line of a cell, from `from` on, which it moves behind it.
  void append_line(ByteBuffer& out, const Column& column, std::string_view text,
                   std::size_t& from) const;
  [[nodiscard]] std::size_t before_first() const {
    return number_width_ + (style_ == PrettyStyle::Space ? 1 : 2);
  }

  const PrettyStyle style_;
  const std::deque<PrettyRow>& rows_;
  const std::uint64_t rows_in_all_;
  std::size_t number_width_;  // Of row numbers, with the point and space behind them.
  std::vector<Column> columns_;
  bool has_lines_ = false;
};

}  // namespace grapevine::sql
