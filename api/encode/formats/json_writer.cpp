#include "api/encode/formats/number_text.hpp"
#include "api/encode/formats/row_writer.hpp"
#include "api/encode/formats/string_text.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kTabsOfRow = 2;
constexpr std::size_t kTabsOfTotals = 1;

/// One JSON object: "meta", "data", "totals", how many rows there were and what they cost.
class JsonWriter final : public RowWriter {
 public:
  JsonWriter(ResultColumns columns, const FormatSettings& settings, JsonLayout layout)
      : RowWriter(std::move(columns), settings), layout_(layout) {
    RowLayout rows = row_layout(kTabsOfRow);
    rows.between_rows = ",\n";
    set_layout(rows, options(kTabsOfRow));
  }

  void begin() override {
    out_.append("{\n\t\"meta\":\n\t[\n");
    bool first = true;
    for (const ResultColumn& column : columns()) {
      if (!first) out_.append(",\n");
      first = false;
      out_.append("\t\t{\n\t\t\t\"name\": ");
      append_json(out_, column.name, style());
      out_.append(",\n\t\t\t\"type\": ");
      append_json(out_, name_of(column.type), style());
      out_.append("\n\t\t}");
    }
    out_.append("\n\t],\n\n\t\"data\":\n\t[\n");
  }

  void write_totals(const Block& totals) override {
    end_data();
    out_.append(",\n\n\t\"totals\":");
    // An object begins on a line of its own, an array does not.
    const RowLayout row = row_layout(layout_.compact ? 0 : kTabsOfTotals);
    out_.append(layout_.compact ? ' ' : '\n');
    CellOptions compact = options(kTabsOfTotals);
    if (!layout_.strings) compact.style = CellStyle::Json;
    RowCells cells(columns(), compact);
    cells.bind(totals);
    out_.append(row.begin);
    for (std::size_t i = 0; i < columns().size(); ++i) {
      if (i != 0) out_.append(row.between);
      if (!row.names.empty()) out_.append(row.names[i]);
      cells.write(out_, i, 0);
    }
    out_.append(row.end);
  }

  void end(const FormatStatistics& statistics) override {
    if (!data_ended_) end_data();
    append_number(",\n\n\t\"rows\": ", rows());
    if (statistics.rows_before_limit) {
      append_number(",\n\n\t\"rows_before_limit_at_least\": ", *statistics.rows_before_limit);
    }
    out_.append(",\n\n\t\"statistics\":\n\t{\n\t\t\"elapsed\": ");
    out_.advance_to(write_float(out_.reserve(kNumberBytesMax), statistics.elapsed_s));
    append_number(",\n\t\t\"rows_read\": ", statistics.rows_read);
    append_number(",\n\t\t\"bytes_read\": ", statistics.bytes_read);
    out_.append("\n\t}\n}\n");
  }

 private:
  [[nodiscard]] JsonStringStyle style() const {
    return {.escape_slashes = settings().json_escape_slashes, .valid_utf8 = true};
  }
  [[nodiscard]] CellOptions options(std::size_t tabs) const {
    CellOptions options = cell_options(layout_.strings   ? CellStyle::JsonStrings
                                       : layout_.compact ? CellStyle::Json
                                                         : CellStyle::JsonPretty);
    options.valid_utf8 = true;
    options.indent = tabs + 1;
    return options;
  }
  [[nodiscard]] RowLayout row_layout(std::size_t tabs) const {
    const std::string indent(tabs, '\t');
    if (layout_.compact) return {.begin = indent + "[", .between = ", ", .end = "]"};
    RowLayout row{.begin = indent + "{\n", .between = ",\n", .end = "\n" + indent + "}"};
    for (const ResultColumn& column : columns()) {
      ByteBuffer name;
      name.append(tabs + 1, '\t');
      append_json(name, column.name, style());
      name.append(": ");
      row.names.push_back(name.take());
    }
    return row;
  }
  void append_number(std::string_view lead, std::uint64_t number) {
    out_.append(lead);
    out_.advance_to(write_unsigned(out_.reserve(kNumberBytesMax), number));
  }
  void end_data() {
    out_.append("\n\t]");
    data_ended_ = true;
  }

  const JsonLayout layout_;
  bool data_ended_ = false;
};

}  // namespace

WriterPtr make_json_writer(ResultColumns columns, const FormatSettings& settings,
                           JsonLayout layout) {
  return std::make_unique<JsonWriter>(std::move(columns), settings, layout);
}

}  // namespace grapevine::sql
