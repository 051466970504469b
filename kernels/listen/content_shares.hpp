#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Somebody shared a content.
struct ContentShare {
  std::uint32_t content = 0;  ///< A code of content_id.
  TimeMs ts = 0;
  std::uint64_t sequence = 0;
  CustomerId by{};
  friend bool operator==(const ContentShare&, const ContentShare&) = default;
};

/// Who shared some contents directly, which is what events `Post Shared` with one of them as their
/// parent_id say, up to `as_of`: by content, then time, then order of arrival.
///
/// Shapes  contents: codes of content_id's dictionary, in any order.
/// Errors  Cancelled: `stop` was requested.
/// Cost    A bit for each content there is, and a pass over the parents of these events.
absl::StatusOr<std::vector<ContentShare>> find_shares(const Snapshot& snapshot,
                                                      std::span<const std::uint32_t> contents,
                                                      TimeMs as_of, const Stop& stop);

}  // namespace grapevine
