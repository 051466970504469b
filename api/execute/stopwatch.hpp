#pragma once

#include <chrono>

namespace grapevine {

/// How long a request took, for `elapsed_ms`. Nothing that is answered beside it may depend on it.
class Stopwatch {
 public:
  [[nodiscard]] double elapsed_ms() const {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin_).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace grapevine
