#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/bind/bound.hpp"
#include "api/sql/execute/block_source.hpp"
#include "api/sql/execute/query_context.hpp"

namespace grapevine::sql {

/// What is done to each block on its way, by any thread and without memory of other blocks.
class Step {
 public:
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;
  /// Gives `next` what becomes of the block: none, one or several blocks of at least one row.
  virtual absl::Status push(Block block, const BlockSource::Consume& next) const = 0;
};

/// A source and the steps behind it: a source again.
class Pipeline final : public BlockSource {
 public:
  /// `context` outlives it.
  Pipeline(std::shared_ptr<const BlockSource> source, const QueryContext& context)
      : source_(std::move(source)), context_(context) {}

  void add(std::shared_ptr<const Step> step) { steps_.push_back(std::move(step)); }

  [[nodiscard]] std::size_t morsels() const override { return source_->morsels(); }
  [[nodiscard]] std::uint64_t rows() const override { return source_->rows(); }
  absl::Status read(std::size_t morsel, const Consume& consume) const override;

 private:
  absl::Status push(std::size_t step, Block block, const Consume& consume) const;

  std::shared_ptr<const BlockSource> source_;
  std::vector<std::shared_ptr<const Step>> steps_;
  const QueryContext& context_;
};

/// The morsels of several sources, one after the other.
std::shared_ptr<const BlockSource> one_after_the_other(
    std::vector<std::shared_ptr<const BlockSource>> sources);

/// Reads a source from its beginning on, in order and ahead: several morsels at once, more each time,
/// so that the first rows come early. Not thread-safe.
class OrderedReader {
 public:
  OrderedReader(std::shared_ptr<const BlockSource> source, QueryContext& context)
      : source_(std::move(source)), context_(context), lease_(context.memory) {}

  /// The next block; nullopt: there are no more.
  absl::StatusOr<std::optional<Block>> next();

 private:
  absl::Status read_ahead();

  std::shared_ptr<const BlockSource> source_;
  QueryContext& context_;
  MemoryLease lease_;
  std::size_t next_morsel_ = 0;
  std::size_t ahead_ = 1;
  std::vector<Block> ready_;  // Backwards.
};

/// All blocks, in order, at most `rows_max` rows of them (and the rest of the last block).
absl::StatusOr<std::vector<Block>> collect(const std::shared_ptr<const BlockSource>& source,
                                           QueryContext& context, MemoryLease& lease,
                                           std::uint64_t rows_max = ~std::uint64_t{0});

/// The columns of all blocks, one block behind the other. Shapes: `types` a column each.
std::vector<ColumnPtr> joined(const std::vector<Block>& blocks, const std::vector<DataType>& types);

/// Bytes of memory that a block holds, about.
std::size_t bytes_of(const Block& block);

}  // namespace grapevine::sql
