#include "api/encode/formats/row_writer.hpp"
#include "api/encode/formats/string_text.hpp"
#include "api/encode/formats/text_width.hpp"

namespace grapevine::sql {
namespace {

class MarkdownWriter final : public RowWriter {
 public:
  MarkdownWriter(ResultColumns columns, const FormatSettings& settings)
      : RowWriter(std::move(columns), settings) {
    const RowLayout row{
        .begin = "| ", .between = " | ", .names = {}, .end = " |\n", .between_rows = {}};
    set_layout(row, cell_options(CellStyle::Escaped));
  }

  void begin() override {
    out_.append('|');
    for (const ResultColumn& column : columns()) {
      out_.append(' ');
      append_escaped(out_, column.name);
      out_.append(" |");
    }
    out_.append("\n|");
    for (const ResultColumn& column : columns()) {
      out_.append(is_right_aligned(column.type) ? "-:|" : ":-|");
    }
    out_.append('\n');
  }
};

}  // namespace

WriterPtr make_markdown_writer(ResultColumns columns, const FormatSettings& settings) {
  return std::make_unique<MarkdownWriter>(std::move(columns), settings);
}

}  // namespace grapevine::sql
