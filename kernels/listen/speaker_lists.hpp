#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Lists of people, one after the other.
struct SpeakerLists {
  std::vector<std::size_t> offsets;  ///< Of each list, and the end of the last.
  std::vector<CustomerId> people;

  [[nodiscard]] std::size_t count() const { return offsets.size() - 1; }
  [[nodiscard]] std::span<const CustomerId> of(std::size_t list) const {
    return std::span(people).subspan(offsets[list], offsets[list + 1] - offsets[list]);
  }
  friend bool operator==(const SpeakerLists&, const SpeakerLists&) = default;
};

/// The same lists, in which nobody stands twice; in the order of who came first. `together` lists
/// that follow each other become one.
///
/// Shapes  People have numbers below `customers`. The number of lists is a multiple of `together`.
/// Cost    One pass over the lists, and another over what is left; a bit a customer and thread. The
///         answer means nothing once `stop` was requested.
SpeakerLists distinct_speakers(const SpeakerLists& lists, std::size_t together,
                               std::size_t customers, const Stop& stop);

}  // namespace grapevine
