#include "api/encode/formats/flat_tuples.hpp"
#include "api/encode/formats/row_writer.hpp"

namespace grapevine::sql {
namespace {

/// Lines of cells with a separator between them: TabSeparated and CSV.
class SeparatedWriter : public RowWriter {
 public:
  SeparatedWriter(ResultColumns columns, const FormatSettings& settings, CellStyle style,
                  std::string separator, HeaderRows header)
      : RowWriter(std::move(columns), settings),
        style_(style),
        separator_(std::move(separator)),
        header_(header) {
    set_layout({.between = separator_, .end = "\n"}, cell_options(style_));
  }

  void begin() override {
    if (header_ == HeaderRows::None) return;
    append_line([](const ResultColumn& column) { return column.name; });
    if (header_ == HeaderRows::Names) return;
    append_line([](const ResultColumn& column) { return name_of(column.type); });
  }

  void write_totals(const Block& totals) override {
    out_.append('\n');
    write(totals);
  }

 private:
  template <typename TextOf>
  void append_line(const TextOf& text_of) {
    bool first = true;
    for (const ResultColumn& column : columns()) {
      if (!first) out_.append(separator_);
      first = false;
      append_string(out_, text_of(column), cell_options(style_));
    }
    out_.append('\n');
  }

  const CellStyle style_;
  const std::string separator_;
  const HeaderRows header_;
};

class CsvWriter final : public SeparatedWriter {
 public:
  CsvWriter(const ResultColumns& columns, const FormatSettings& settings, HeaderRows header)
      : SeparatedWriter(flat_columns(columns), settings, CellStyle::Csv, settings.csv_delimiter,
                        header) {}
  void write(const Block& block) override { SeparatedWriter::write(flat_block(block)); }
};

}  // namespace

WriterPtr make_tab_separated_writer(ResultColumns columns, const FormatSettings& settings, bool raw,
                                    HeaderRows header) {
  const CellStyle style = raw ? CellStyle::Raw : CellStyle::Escaped;
  return std::make_unique<SeparatedWriter>(std::move(columns), settings, style, "\t", header);
}

WriterPtr make_csv_writer(ResultColumns columns, const FormatSettings& settings,
                          HeaderRows header) {
  return std::make_unique<CsvWriter>(columns, settings, header);
}

}  // namespace grapevine::sql
