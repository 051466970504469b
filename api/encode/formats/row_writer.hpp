#pragma once

#include <optional>

#include "api/encode/formats/buffered_writer.hpp"
#include "api/encode/formats/cell_writer.hpp"

namespace grapevine::sql {

/// What stands around the cells of a row.
struct RowLayout {
  std::string begin = {};               ///< Before the first cell.
  std::string between = {};             ///< Between two cells.
  std::vector<std::string> names = {};  ///< Right before each cell, or empty.
  std::string end = {};                 ///< After the last cell.
  std::string between_rows = {};
};

/// A format whose rows are cells with something around them. Not thread-safe.
class RowWriter : public BufferedWriter {
 public:
  RowWriter(ResultColumns columns, const FormatSettings& settings)
      : columns_(std::move(columns)), settings_(settings), between_rows_(""), end_("") {}

  void begin() override {}
  void write(const Block& block) override;
  void write_totals(const Block& totals) override { static_cast<void>(totals); }
  void end(const FormatStatistics& statistics) override { static_cast<void>(statistics); }

 protected:
  /// Before the first row.
  void set_layout(const RowLayout& layout, RowCells cells);
  void set_layout(const RowLayout& layout, const CellOptions& options) {
    set_layout(layout, RowCells(columns_, options));
  }
  [[nodiscard]] CellOptions cell_options(CellStyle style) const {
    return CellOptions{.style = style, .settings = &settings_};
  }
  [[nodiscard]] const ResultColumns& columns() const { return columns_; }
  [[nodiscard]] const FormatSettings& settings() const { return settings_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  const ResultColumns columns_;
  const FormatSettings settings_;
  std::optional<RowCells> cells_;
  std::vector<Lead> leads_;
  Lead between_rows_;
  Lead end_;
  std::uint64_t rows_ = 0;
};

}  // namespace grapevine::sql
