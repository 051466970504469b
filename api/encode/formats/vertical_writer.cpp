#include "api/encode/formats/row_writer.hpp"
#include "api/encode/formats/text_width.hpp"
#include "api/encode/formats/value_tip.hpp"
#include "api/encode/formats/vertical_rows.hpp"

namespace grapevine::sql {
namespace {

class VerticalWriter final : public BufferedWriter {
 public:
  VerticalWriter(ResultColumns columns, const FormatSettings& settings)
      : columns_(std::move(columns)),
        settings_(settings),
        rows_(columns_),
        cells_(columns_, CellOptions{.style = CellStyle::Plain, .settings = &settings_}) {}

  void begin() override {}
  void write(const Block& block) override {
    cells_.bind(block);
    for (std::size_t row = 0; row < block.rows; ++row) {
      if (written_ != 0 && written_ <= settings_.pretty_rows_max) out_.append('\n');
      if (++written_ > settings_.pretty_rows_max) return;
      VerticalRows::append_title(out_, written_);
      append_values(block, row);
    }
  }
  void write_totals(const Block& totals) override {
    constexpr std::string_view kTitle = "Totals:";
    cells_.bind(totals);
    out_.append("\n\n");
    VerticalRows::append_title(out_, kTitle, kTitle.size());
    append_values(totals, 0);
  }
  void end(const FormatStatistics& statistics) override {
    static_cast<void>(statistics);
    if (written_ > settings_.pretty_rows_max) {
      out_.append("Showed first " + std::to_string(settings_.pretty_rows_max) + ".\n");
    }
  }

 private:
  void append_values(const Block& block, std::size_t row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      rows_.append_name(out_, i);
      cells_.write(out_, i, row);
      out_.append(value_tip(*block.columns[i], row));
      out_.append('\n');
    }
  }

  const ResultColumns columns_;
  const FormatSettings settings_;
  const VerticalRows rows_;
  RowCells cells_;
  std::uint64_t written_ = 0;
};

}  // namespace

VerticalRows::VerticalRows(const std::vector<ResultColumn>& columns) {
  constexpr std::size_t kNameWidthMax = 24;
  std::size_t widest = 0;
  for (const ResultColumn& column : columns) {
    names_.push_back(cut_name(column.name, kNameWidthMax));
    widest = std::max(widest, width_of_text(names_.back()));
  }
  for (std::string& name : names_) {
    const std::size_t padding = widest - width_of_text(name);
    name += ": " + std::string(padding, ' ');
  }
}

void VerticalRows::append_title(ByteBuffer& out, std::string_view title, std::size_t width) {
  out.append(title);
  out.append('\n');
  for (std::size_t i = 0; i < width; ++i) out.append("─");
  out.append('\n');
}

void VerticalRows::append_title(ByteBuffer& out, std::uint64_t row) {
  constexpr std::size_t kAround = std::string_view("Row :").size();
  append_title(out, "Row " + std::to_string(row) + ":", std::to_string(row + 1).size() + kAround);
}

WriterPtr make_vertical_writer(ResultColumns columns, const FormatSettings& settings) {
  return std::make_unique<VerticalWriter>(std::move(columns), settings);
}

}  // namespace grapevine::sql
