#pragma once

#include <cstddef>
#include <span>
#include <vector>

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

}  // namespace grapevine
