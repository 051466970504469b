#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace grapevine::sql::tests {

/// Looks after queries of which each may be the last: where the process dies or one takes too long,
/// its text is written to standard error, and the process ends. One at a time a process.
class QueryWatch {
 public:
  explicit QueryWatch(std::chrono::seconds longest);
  QueryWatch(const QueryWatch&) = delete;
  QueryWatch& operator=(const QueryWatch&) = delete;
  ~QueryWatch();

  void begin(const std::string& query);
  void end();

 private:
  void watch();

  const std::chrono::seconds longest_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string query_;
  std::uint64_t number_ = 0;  ///< Of queries so far.
  bool running_ = false;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace grapevine::sql::tests
