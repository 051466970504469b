#include "api/sql/execute/pipeline.hpp"

#include <algorithm>
#include <numeric>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

class Sequence final : public BlockSource {
 public:
  explicit Sequence(std::vector<std::shared_ptr<const BlockSource>> sources)
      : sources_(std::move(sources)) {
    for (const auto& source : sources_) {
      ends_.push_back((ends_.empty() ? 0 : ends_.back()) + source->morsels());
    }
  }

  std::size_t morsels() const override { return ends_.empty() ? 0 : ends_.back(); }
  std::uint64_t rows() const override {
    return std::accumulate(
        sources_.begin(), sources_.end(), std::uint64_t{0},
        [](std::uint64_t sum, const auto& source) { return sum + source->rows(); });
  }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const auto end = std::upper_bound(ends_.begin(), ends_.end(), morsel);
    const auto i = static_cast<std::size_t>(end - ends_.begin());
    return sources_[i]->read(morsel - (i == 0 ? 0 : ends_[i - 1]), consume);
  }

 private:
  std::vector<std::shared_ptr<const BlockSource>> sources_;
  std::vector<std::size_t> ends_;
};

// Reads morsels [begin, end) at once; the blocks of each, in order. What they hold is the caller's to
// take of the budget: it is looked after here only while they are made, since few rows of a morsel
// may become very many.
absl::StatusOr<std::vector<std::vector<Block>>> read_morsels(const BlockSource& source,
                                                             std::size_t begin, std::size_t end,
                                                             MemoryBudget& budget) {
  std::vector<std::vector<Block>> blocks(end - begin);
  std::vector<absl::Status> statuses(end - begin);
  std::vector<MemoryLease> leases;
  for (std::size_t i = begin; i < end; ++i) leases.emplace_back(budget);
  for_each(end - begin, [&](std::size_t i) {
    statuses[i] = source.read(begin + i, [&, i](Block block) {
      const std::size_t bytes = bytes_of(block);
      blocks[i].push_back(std::move(block));
      return leases[i].hold(leases[i].held() + bytes);
    });
  });
  for (absl::Status& status : statuses) GRAPEVINE_RETURN_IF_ERROR(std::move(status));
  return blocks;
}

}  // namespace

absl::Status Pipeline::read(std::size_t morsel, const Consume& consume) const {
  GRAPEVINE_RETURN_IF_ERROR(context_.check());
  return source_->read(morsel, [&](Block block) { return push(0, std::move(block), consume); });
}

absl::Status Pipeline::push(std::size_t step, Block block, const Consume& consume) const {
  if (step == steps_.size()) return consume(std::move(block));
  return steps_[step]->push(
      std::move(block), [&, step](Block made) { return push(step + 1, std::move(made), consume); });
}

std::shared_ptr<const BlockSource> one_after_the_other(
    std::vector<std::shared_ptr<const BlockSource>> sources) {
  return std::make_shared<Sequence>(std::move(sources));
}

std::size_t bytes_of(const Block& block) {
  std::size_t bytes = sizeof(Block);
  for (const ColumnPtr& column : block.columns) bytes += column->bytes();
  return bytes;
}

absl::Status OrderedReader::read_ahead() {
  const std::size_t end = std::min(source_->morsels(), next_morsel_ + ahead_);
  GRAPEVINE_ASSIGN_OR_RETURN(auto blocks,
                             read_morsels(*source_, next_morsel_, end, context_.memory));
  next_morsel_ = end;
  constexpr std::size_t kAheadMax = 16;
  ahead_ = std::min(ahead_ * 2, kAheadMax);
  std::size_t bytes = 0;
  for (auto& morsel : blocks) {
    for (Block& block : morsel) {
      bytes += bytes_of(block);
      ready_.push_back(std::move(block));
    }
  }
  std::reverse(ready_.begin(), ready_.end());
  return lease_.hold(bytes);
}

absl::StatusOr<std::optional<Block>> OrderedReader::next() {
  while (ready_.empty()) {
    if (next_morsel_ >= source_->morsels()) return std::nullopt;
    GRAPEVINE_RETURN_IF_ERROR(context_.check());
    GRAPEVINE_RETURN_IF_ERROR(read_ahead());
  }
  Block block = std::move(ready_.back());
  ready_.pop_back();
  return block;
}

absl::StatusOr<std::vector<Block>> collect(const std::shared_ptr<const BlockSource>& source,
                                           QueryContext& context, MemoryLease& lease,
                                           std::uint64_t rows_max) {
  constexpr std::size_t kTogether = 64;
  std::vector<Block> all;
  std::size_t bytes = lease.held();
  std::uint64_t rows = 0;
  std::size_t ahead = rows_max == ~std::uint64_t{0} ? kTogether : 1;
  for (std::size_t begin = 0; begin < source->morsels() && rows < rows_max;) {
    GRAPEVINE_RETURN_IF_ERROR(context.check());
    const std::size_t end = std::min(source->morsels(), begin + ahead);
    GRAPEVINE_ASSIGN_OR_RETURN(auto blocks, read_morsels(*source, begin, end, context.memory));
    for (auto& morsel : blocks) {
      for (Block& block : morsel) {
        bytes += bytes_of(block);
        rows += block.rows;
        all.push_back(std::move(block));
      }
    }
    GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes));
    begin = end;
    ahead = std::min(ahead * 2, kTogether);
  }
  return all;
}

std::vector<ColumnPtr> joined(const std::vector<Block>& blocks,
                              const std::vector<DataType>& types) {
  std::vector<ColumnPtr> columns(types.size());
  for_each(types.size(), [&](std::size_t i) {
    std::vector<ColumnPtr> pieces;
    pieces.reserve(blocks.size());
    for (const Block& block : blocks) pieces.push_back(block.columns[i]);
    columns[i] = concatenate(types[i], pieces);
  });
  return columns;
}

}  // namespace grapevine::sql
