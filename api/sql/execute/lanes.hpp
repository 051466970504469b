#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>

#include "api/sql/execute/block_source.hpp"

namespace grapevine::sql {

/// Morsels [begin, end) of a source, to be read one after the other.
struct Lane {
  std::size_t begin, end;
};

/// Lanes into which a source's morsels are cut: as many as its rows are worth, whatever the number of
/// threads.
std::vector<Lane> lanes_of(const BlockSource& source);

/// Calls `read(lane, morsel)` for every morsel of every lane: those of a lane in order and never two at
/// once, lanes side by side. What takes a fifth of a millisecond in all is read by the calling
/// thread alone: to wake another takes about as long, and that may wait for a core where others compute.
/// A million rows are shared at once.
///
/// Shapes  `lanes`: those of `source`.
/// Errors  Of `read`, that of the first lane that has one: the rest of a lane is not read.
absl::Status read_lanes(const BlockSource& source, std::span<const Lane> lanes,
                        absl::FunctionRef<absl::Status(std::size_t lane, std::size_t morsel)> read);

}  // namespace grapevine::sql
