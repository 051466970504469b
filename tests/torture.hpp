#pragma once

#include <cstdlib>

namespace grapevine::testing {

/// How often to repeat what is random: `in_ci` times, and as many times more as the environment's
/// GRAPEVINE_TORTURE says (`make torture`: 100).
inline int rounds(int in_ci) {
  const char* times = std::getenv("GRAPEVINE_TORTURE");
  const int factor = times == nullptr ? 1 : std::atoi(times);
  return factor > 1 ? in_ci * factor : in_ci;
}

}  // namespace grapevine::testing
