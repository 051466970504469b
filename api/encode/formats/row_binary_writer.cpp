#include "api/encode/formats/binary_cell.hpp"
#include "api/encode/formats/binary_values.hpp"
#include "api/encode/formats/row_writer.hpp"

namespace grapevine::sql {
namespace {

class RowBinaryWriter final : public RowWriter {
 public:
  RowBinaryWriter(ResultColumns columns, HeaderRows header)
      : RowWriter(std::move(columns), {}), header_(header) {
    std::vector<std::unique_ptr<CellWriter>> cells;
    for (const ResultColumn& column : this->columns()) {
      cells.push_back(make_binary_cell(column.type));
    }
    set_layout({}, RowCells(std::move(cells)));
  }

  void begin() override {
    if (header_ == HeaderRows::None) return;
    append_varuint(out_, columns().size());
    for (const ResultColumn& column : columns()) append_binary_string(out_, column.name);
    if (header_ == HeaderRows::Names) return;
    for (const ResultColumn& column : columns()) {
      append_binary_string(out_, name_of(column.type));
    }
  }

 private:
  const HeaderRows header_;
};

}  // namespace

WriterPtr make_row_binary_writer(ResultColumns columns, HeaderRows header) {
  return std::make_unique<RowBinaryWriter>(std::move(columns), header);
}

}  // namespace grapevine::sql
