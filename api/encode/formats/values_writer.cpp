#include "api/encode/formats/row_writer.hpp"

namespace grapevine::sql {
namespace {

/// What INSERT ... VALUES takes.
class ValuesWriter final : public RowWriter {
 public:
  ValuesWriter(ResultColumns columns, const FormatSettings& settings)
      : RowWriter(std::move(columns), settings) {
    const RowLayout row{.begin = "(", .between = ",", .names = {}, .end = ")", .between_rows = ","};
    set_layout(row, cell_options(CellStyle::Quoted));
  }
};

}  // namespace

WriterPtr make_values_writer(ResultColumns columns, const FormatSettings& settings) {
  return std::make_unique<ValuesWriter>(std::move(columns), settings);
}

}  // namespace grapevine::sql
