#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace grapevine {

/// Who is in which of a few lists of people.
struct SpeakerMasks {
  static constexpr std::size_t kListsMax = 64;

  std::size_t lists = 0;
  std::vector<std::uint64_t> of_customer;  ///< By customer: bit l is set who is in list l.

  friend bool operator==(const SpeakerMasks&, const SpeakerMasks&) = default;
};

}  // namespace grapevine
