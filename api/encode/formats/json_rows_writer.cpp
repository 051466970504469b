#include "api/encode/formats/row_writer.hpp"
#include "api/encode/formats/string_text.hpp"

namespace grapevine::sql {
namespace {

/// A line of JSON for each row.
class JsonRowsWriter final : public RowWriter {
 public:
  JsonRowsWriter(ResultColumns columns, const FormatSettings& settings, JsonLayout layout,
                 HeaderRows header)
      : RowWriter(std::move(columns), settings), header_(header) {
    const CellOptions options =
        cell_options(layout.strings ? CellStyle::JsonStrings : CellStyle::Json);
    RowLayout row{.begin = "[", .between = ", ", .end = "]\n"};
    if (!layout.compact) {
      row = {.begin = "{", .between = ",", .end = "}\n"};
      for (const ResultColumn& column : this->columns()) {
        ByteBuffer name;
        append_string(name, column.name, options);
        name.append(':');
        row.names.push_back(name.take());
      }
    }
    set_layout(row, options);
  }

  void begin() override {
    if (header_ == HeaderRows::None) return;
    append_line([](const ResultColumn& column) { return column.name; });
    if (header_ == HeaderRows::Names) return;
    append_line([](const ResultColumn& column) { return name_of(column.type); });
  }

 private:
  template <typename TextOf>
  void append_line(const TextOf& text_of) {
    out_.append('[');
    bool first = true;
    for (const ResultColumn& column : columns()) {
      if (!first) out_.append(", ");
      first = false;
      append_string(out_, text_of(column), cell_options(CellStyle::Json));
    }
    out_.append("]\n");
  }

  const HeaderRows header_;
};

}  // namespace

WriterPtr make_json_rows_writer(ResultColumns columns, const FormatSettings& settings,
                                JsonLayout layout, HeaderRows header) {
  return std::make_unique<JsonRowsWriter>(std::move(columns), settings, layout, header);
}

}  // namespace grapevine::sql
