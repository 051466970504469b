#include "tests/api/sql/query_watch.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <signal.h>
#include <unistd.h>

namespace grapevine::sql::tests {
namespace {

constexpr std::array kDeadly = {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL};
// What runs now, for handlers of signals, which may not take a lock.
const char* running_text = nullptr;
std::size_t running_bytes = 0;
// A stack that has overflowed is no place for a handler.
alignas(64) std::array<char, 65536> handler_stack;

void say(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void say_query(int) {
  say("\nThe process died in this query:\n");
  say({running_text, running_bytes});
  say("\n");  // The signal comes again, now with its usual end.
}

}  // namespace

QueryWatch::QueryWatch(std::chrono::seconds longest) : longest_(longest) {
  stack_t stack = {};
  stack.ss_sp = handler_stack.data();
  stack.ss_size = handler_stack.size();
  ::sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_handler = say_query;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND);
  for (const int deadly : kDeadly) ::sigaction(deadly, &action, nullptr);
  thread_ = std::thread([this] { watch(); });
}

QueryWatch::~QueryWatch() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  thread_.join();
  for (const int deadly : kDeadly) ::signal(deadly, SIG_DFL);
  stack_t stack = {};
  stack.ss_flags = SS_DISABLE;
  ::sigaltstack(&stack, nullptr);
}

void QueryWatch::begin(const std::string& query) {
  const std::lock_guard lock(mutex_);
  query_ = query;
  running_text = query_.data();
  running_bytes = query_.size();
  ++number_;
  running_ = true;
}

void QueryWatch::end() {
  const std::lock_guard lock(mutex_);
  running_ = false;
}

void QueryWatch::watch() {
  std::unique_lock lock(mutex_);
  std::uint64_t seen = 0;
  auto since = std::chrono::steady_clock::now();
  while (!over_) {
    changed_.wait_for(lock, std::chrono::milliseconds(200));
    const auto now = std::chrono::steady_clock::now();
    if (!running_ || number_ != seen) {
      seen = number_;
      since = now;
    } else if (now - since > longest_) {
      say("\nThis query takes too long:\n");
      std::abort();
    }
  }
}

}  // namespace grapevine::sql::tests
