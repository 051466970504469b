#include "server/cli/progress.hpp"

#include <iostream>

#include <unistd.h>

namespace grapevine {
namespace {

constexpr std::chrono::milliseconds kRewriteInterval{100};
constexpr std::chrono::seconds kLineInterval{5};
constexpr std::string_view kClearLine = "\r\x1b[K";

}  // namespace

ProgressLine::ProgressLine()
    : terminal_(isatty(STDERR_FILENO) == 1),
      next_(Clock::now() + (terminal_ ? Clock::duration(kRewriteInterval) : kLineInterval)) {}

ProgressLine::~ProgressLine() {
  if (open_) std::cerr << std::endl;
}

void ProgressLine::show(std::string_view text) {
  write(text);
  if (!terminal_) std::cerr << '\n';
  open_ = terminal_;
  std::cerr << std::flush;
  next_ = Clock::now() + (terminal_ ? Clock::duration(kRewriteInterval) : kLineInterval);
}

void ProgressLine::finish(std::string_view text) {
  write(text);
  std::cerr << std::endl;
  open_ = false;
}

void ProgressLine::write(std::string_view text) {
  if (terminal_) std::cerr << kClearLine;
  std::cerr << text;
}

}  // namespace grapevine
