#include "api/encode/formats/row_writer.hpp"

namespace grapevine::sql {

void RowWriter::set_layout(const RowLayout& layout, RowCells cells) {
  cells_ = std::move(cells);
  leads_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::string lead = i == 0 ? layout.begin : layout.between;
    if (!layout.names.empty()) lead += layout.names[i];
    leads_.emplace_back(std::move(lead));
  }
  between_rows_ = Lead(layout.between_rows);
  end_ = Lead(columns_.empty() ? layout.begin + layout.end : layout.end);
}

void RowWriter::write(const Block& block) {
  cells_->bind(block);
  const std::size_t columns = leads_.size();
  for (std::size_t row = 0; row < block.rows; ++row) {
    if (rows_++ != 0) between_rows_.append_to(out_);
    for (std::size_t i = 0; i < columns; ++i) {
      leads_[i].append_to(out_);
      cells_->write(out_, i, row);
    }
    end_.append_to(out_);
  }
}

}  // namespace grapevine::sql
