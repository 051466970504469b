#pragma once

#include <cstdint>

namespace grapevine {

/// Whose mentions count: those of everybody but the voices that stand apart, theirs, or both.
enum class CountedVoices : std::uint8_t { Others, Apart, All };

/// Whether those of somebody do who stands apart, or does not.
constexpr bool counts(CountedVoices counted, bool is_apart) {
  return counted == CountedVoices::All || is_apart == (counted == CountedVoices::Apart);
}

}  // namespace grapevine
