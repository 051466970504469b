#include "api/sql/tables/table.hpp"

#include <algorithm>

#include "api/sql/execute/query_context.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

class BlocksSource final : public BlockSource {
 public:
  explicit BlocksSource(std::vector<Block> blocks) : blocks_(std::move(blocks)) {
    for (const Block& block : blocks_) rows_ += block.rows;
  }

  std::size_t morsels() const override { return blocks_.size(); }
  std::uint64_t rows() const override { return rows_; }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const Block& block = blocks_[morsel];
    if (block.rows <= kBlockRows) {
      return block.rows == 0 ? absl::OkStatus() : consume(block);
    }
    for (std::size_t begin = 0; begin < block.rows; begin += kBlockRows) {
      const std::size_t end = std::min(begin + kBlockRows, block.rows);
      Block piece{end - begin, {}};
      for (const ColumnPtr& column : block.columns) {
        piece.columns.push_back(slice(column, begin, end));
      }
      GRAPEVINE_RETURN_IF_ERROR(consume(std::move(piece)));
    }
    return absl::OkStatus();
  }

 private:
  std::vector<Block> blocks_;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::shared_ptr<const BlockSource> blocks_source(std::vector<Block> blocks) {
  return std::make_shared<BlocksSource>(std::move(blocks));
}

absl::StatusOr<Scan> MadeTable::scan(const ScanRequest& request, QueryContext& context) const {
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<Block> blocks, make_(context));
  for (Block& block : blocks) {
    std::vector<ColumnPtr> wanted;
    for (const std::size_t column : request.columns) wanted.push_back(block.columns[column]);
    block.columns = std::move(wanted);
    context.progress.read_rows += block.rows;
  }
  return Scan{blocks_source(std::move(blocks)), request.conditions, {}};
}

}  // namespace grapevine::sql
