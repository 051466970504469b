#pragma once

#include <optional>
#include <span>
#include <string_view>

#include <absl/status/statusor.h>

#include "kernels/query/window.hpp"
#include "kernels/query/windows/frames.hpp"

namespace grapevine::sql {

/// Functions of where a row stands.
enum class PositionFunction : std::uint8_t {
  RowNumber,
  Rank,
  DenseRank,
  PercentRank,
  CumeDist,
  Ntile,
  Lag,
  Lead,
  LagInFrame,
  LeadInFrame,
  FirstValue,
  LastValue,
  NthValue,
};
std::optional<PositionFunction> position_function(std::string_view name);

/// Numbers that rows have in their partition: the functions from RowNumber to Ntile.
/// Shapes  a row a position.
/// Errors  BadArguments (36).
absl::StatusOr<ColumnPtr> numbers_in_partition(PositionFunction function, const WindowCall& call,
                                               const WindowRows& window);

/// Values of other rows: the functions from Lag on. `frames` are asked for where they matter.
/// Shapes  arguments by position; a row a position.
/// Errors  BadArguments (36).
absl::StatusOr<ColumnPtr> values_elsewhere(PositionFunction function,
                                           std::span<const ColumnPtr> arguments,
                                           const WindowRows& window, const Frames& frames);

}  // namespace grapevine::sql
