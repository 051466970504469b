#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/window.hpp"
#include "kernels/query/windows/window_rows.hpp"

namespace grapevine::sql {

/// Which positions each position's frame has: from begin up to, but not, end. Never begin > end.
struct Frames {
  std::vector<std::uint32_t> begin;
  std::vector<std::uint32_t> end;
};

/// Whether all frames are their whole partitions.
bool is_whole_partition(const Frame& frame, std::span<const SortKey> order_by);

/// A key that is NULL or NaN has its peers as a frame, where there are offsets.
/// Errors  BadArguments (36): a frame that ends before it begins, an offset that is none.
///         NotImplemented (48): distances of keys that are no numbers.
absl::StatusOr<Frames> frames_of(const Frame& frame, const WindowRows& window,
                                 std::span<const SortKey> order_by);

}  // namespace grapevine::sql
