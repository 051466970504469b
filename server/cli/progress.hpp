#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace grapevine {

/// Progress on stderr: one line that rewrites itself on a terminal, a line every few seconds
/// elsewhere. Not thread-safe.
class ProgressLine {
 public:
  ProgressLine();
  /// Ends the line that rewrites itself.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Whether enough time has passed to `show` again.
  [[nodiscard]] bool due() const { return Clock::now() >= next_; }
  void show(std::string_view text);
  /// The last word, which stays.
  void finish(std::string_view text);

 private:
  using Clock = std::chrono::steady_clock;

  void write(std::string_view text);

  const bool terminal_;
  Clock::time_point next_;
  bool open_ = false;  // Whether the cursor stands behind a line that would be rewritten.
};

}  // namespace grapevine
