#pragma once

#include "api/encode/formats/byte_buffer.hpp"
#include "api/encode/formats/format_writer.hpp"

namespace grapevine::sql {

/// A writer that writes into one buffer. Not thread-safe.
class BufferedWriter : public FormatWriter {
 public:
  [[nodiscard]] std::string take() override { return out_.take(); }
  [[nodiscard]] std::size_t pending() const override { return out_.size(); }

 protected:
  ByteBuffer out_;
};

// What make_writer chooses from, file by file. `settings` are copied.
using ResultColumns = std::vector<ResultColumn>;
using WriterPtr = std::unique_ptr<FormatWriter>;

/// Lines before the rows.
enum class HeaderRows : std::uint8_t { None, Names, NamesAndTypes };

struct JsonLayout {
  bool compact = false;  ///< Rows are arrays.
  bool strings = false;  ///< All values are strings.
};
/// JSON, JSONCompact, JSONStrings, JSONCompactStrings.
WriterPtr make_json_writer(ResultColumns columns, const FormatSettings& settings,
                           JsonLayout layout);
/// JSONEachRow, JSONCompactEachRow, ...
WriterPtr make_json_rows_writer(ResultColumns columns, const FormatSettings& settings,
                                JsonLayout layout, HeaderRows header);
/// TabSeparated, and as it is without escapes.
WriterPtr make_tab_separated_writer(ResultColumns columns, const FormatSettings& settings, bool raw,
                                    HeaderRows header);
WriterPtr make_csv_writer(ResultColumns columns, const FormatSettings& settings, HeaderRows header);
WriterPtr make_values_writer(ResultColumns columns, const FormatSettings& settings);
WriterPtr make_markdown_writer(ResultColumns columns, const FormatSettings& settings);
WriterPtr make_vertical_writer(ResultColumns columns, const FormatSettings& settings);
enum class PrettyStyle : std::uint8_t;
WriterPtr make_pretty_writer(ResultColumns columns, const FormatSettings& settings,
                             PrettyStyle style);
WriterPtr make_null_writer();
WriterPtr make_arrow_writer(ResultColumns columns, const FormatSettings& settings);
WriterPtr make_native_writer(ResultColumns columns, std::size_t version);
WriterPtr make_row_binary_writer(ResultColumns columns, HeaderRows header);

}  // namespace grapevine::sql
