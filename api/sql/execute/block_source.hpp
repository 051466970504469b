#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include <absl/status/status.h>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Rows in morsels that several threads read at once. What the rows are, and in which order they
/// stand, does not depend on the number of threads. Immutable; any number of threads may read.
class BlockSource {
 public:
  /// Takes a block of at least one and at most kBlockRows rows; a failure ends the reading.
  using Consume = std::function<absl::Status(Block)>;

  BlockSource() = default;
  BlockSource(const BlockSource&) = delete;
  BlockSource& operator=(const BlockSource&) = delete;
  virtual ~BlockSource() = default;
  [[nodiscard]] virtual std::size_t morsels() const = 0;
  /// Rows to look at in all, or about so many.
  [[nodiscard]] virtual std::uint64_t rows() const = 0;
  /// Gives `consume` the blocks of one morsel in their order.
  virtual absl::Status read(std::size_t morsel, const Consume& consume) const = 0;
};

}  // namespace grapevine::sql
