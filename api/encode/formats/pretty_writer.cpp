#include "api/encode/formats/buffered_writer.hpp"
#include "api/encode/formats/cell_writer.hpp"
#include "api/encode/formats/pretty_table.hpp"
#include "api/encode/formats/value_tip.hpp"
#include "api/encode/formats/vertical_rows.hpp"

namespace grapevine::sql {
namespace {

/// A table for the eye. Of many rows it keeps and shows as many as the settings say: the first half
/// and the last. Widths are known once all rows are.
class PrettyWriter final : public BufferedWriter {
 public:
  PrettyWriter(ResultColumns columns, const FormatSettings& settings, PrettyStyle style)
      : columns_(std::move(columns)),
        settings_(settings),
        style_(style),
        cells_(columns_, CellOptions{.style = CellStyle::Plain,
                                     .settings = &settings_,
                                     .valid_utf8 = false,
                                     .indent = 0,
                                     .indent_step = "  ",
                                     .named_tuples_as_json = true}) {}

  void begin() override {}
  void write(const Block& block) override {
    const std::size_t shown_max = settings_.pretty_rows_max;
    const std::size_t first_max = (shown_max + 1) / 2;
    const std::size_t last_max = shown_max / 2;
    cells_.bind(block);
    for (std::size_t row = 0; row < block.rows; ++row) {
      const std::uint64_t number = ++rows_in_all_;
      const bool among_first = number <= first_max;
      // Rows that later ones of this block push out are not even written.
      if (!among_first && block.rows - row > last_max) continue;
      rows_.push_back(shown_row(block, row, number));
      if (rows_.size() > shown_max) {
        rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(first_max));
      }
    }
  }
  void write_totals(const Block& totals) override {
    end_rows();
    out_.append("\nTotals:\n");
    cells_.bind(totals);
    const std::deque<PrettyRow> rows = {shown_row(totals, 0, 1)};
    append_rows(rows, 1);
  }
  void end(const FormatStatistics& statistics) override {
    static_cast<void>(statistics);
    if (!ended_) end_rows();
  }

 private:
  PrettyRow shown_row(const Block& block, std::size_t row, std::uint64_t number) {
    PrettyRow shown{.number = number, .cells = {}, .tips = {}};
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      cell_.clear();
      cells_.write(cell_, i, row);
      shown.cells.emplace_back(cell_.view());
      shown.tips.push_back(value_tip(*block.columns[i], row));
    }
    return shown;
  }

  void end_rows() {
    ended_ = true;
    if (!rows_.empty()) append_rows(rows_, rows_in_all_);
    if (rows_in_all_ < settings_.pretty_rows_max) return;
    if (style_ == PrettyStyle::Space) out_.append('\n');
    out_.append("Showed " + std::to_string(rows_.size()) + " out of " +
                std::to_string(rows_in_all_) + " rows.\n");
  }

  void append_rows(const std::deque<PrettyRow>& rows, std::uint64_t rows_in_all) {
    PrettyTable table(style_, columns_, rows, rows_in_all);
    if (vertical_rows_ == 0 && !table.is_better_vertical()) return table.append_to(out_);
    const VerticalRows vertical(columns_);
    for (const PrettyRow& row : rows) {
      if (&row != &rows.front()) out_.append('\n');
      VerticalRows::append_title(out_, ++vertical_rows_);
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        vertical.append_name(out_, i);
        out_.append(row.cells[i]);
        out_.append(row.tips[i]);
        out_.append('\n');
      }
    }
  }

  const ResultColumns columns_;
  const FormatSettings settings_;
  const PrettyStyle style_;
  RowCells cells_;
  ByteBuffer cell_;
  std::deque<PrettyRow> rows_;  // Those that are shown, as far as it is known.
  std::uint64_t rows_in_all_ = 0;
  std::uint64_t vertical_rows_ = 0;
  bool ended_ = false;
};

}  // namespace

WriterPtr make_pretty_writer(ResultColumns columns, const FormatSettings& settings,
                             PrettyStyle style) {
  return std::make_unique<PrettyWriter>(std::move(columns), settings, style);
}

}  // namespace grapevine::sql
