#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// One step of a content's way: somebody published it, shared it or answered it.
struct CascadeNode {
  static constexpr std::uint32_t kNoContent = 0xFFFF'FFFF;

  CustomerId person{};
  TimeMs ts = 0;
  std::uint64_t sequence = 0;          ///< In order of arrival.
  std::uint32_t content = kNoContent;  ///< Of the step itself: a code of content_id.
  std::uint32_t parent = 0;            ///< The node that it was taken from; the first's is 0.
  std::uint32_t depth = 0;
  bool is_share = false;  ///< Else an answer, or the content itself.
};

struct ContentCascade {
  /// By time and then by arrival, but that the content itself comes first. Without an event that
  /// published it there is a first node of nobody, of the time of the first that took it on.
  std::vector<CascadeNode> nodes;
  std::size_t shares = 0, replies = 0;
  std::uint32_t depth = 0;  ///< Of the deepest node.
};

/// Who took a content from whom, up to `as_of`: events "Post Shared" and "Post Replied" whose
/// parent_id is the content, or a content that was made of it so, at any distance. Taken from the
/// parent; where the event's target is another one who was in it before, from their last step.
///
/// Shapes  content: a code of content_id's dictionary.
/// Errors  NotFound: no event has it. Cancelled.
/// Cost    Two reads of the rows of these events; 9 bytes for each content there is.
absl::StatusOr<ContentCascade> trace_content(const Snapshot& snapshot, std::uint32_t content,
                                             TimeMs as_of, const Stop& stop);

}  // namespace grapevine
