#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include <absl/status/status.h>

#include "api/clickhouse/http_query.hpp"
#include "api/message.hpp"

namespace grapevine {

/// What SET and USE said in sessions that clients name, until nobody has asked for a while. Nothing is
/// locked: queries of one session may run at the same time. Thread-safe.
class QuerySessions {
 public:
  struct Limits {
    std::size_t sessions_max =
        10'000;  ///< Beyond it the one that was silent for longest is forgotten.
    std::size_t settings_max = 100;     ///< Of a session.
    std::size_t bytes_max = 16u << 10;  ///< Of a session's settings.
  };

  explicit QuerySessions(Limits limits) : limits_(limits) {}
  QuerySessions() : QuerySessions(Limits()) {}

  /// Adds to the query what its session said before, where the request does not say otherwise. A
  /// session that is new begins.
  /// Errors  SessionNotFound (372): session_check=1 and there is none.
  absl::Status join(HttpQuery& query, std::int64_t now_ms);

  /// Remembers what a statement that succeeded says for those after it: SET and USE.
  /// Errors  BadArguments (36): too many settings.
  absl::Status note(const HttpQuery& query, std::int64_t now_ms);

  [[nodiscard]] std::size_t size() const;

 private:
  struct Session {
    std::string key;
    Fields settings;
    std::string database;  // Empty: nothing was said.
    std::int64_t ends_ms = 0;
  };
  using Sessions = std::list<Session>;

  Session* find(const std::string& key, std::int64_t now_ms);  // With the mutex held, as below.
  Session& begin(const std::string& key);

  const Limits limits_;
  mutable std::mutex mutex_;
  Sessions sessions_;  // Those asked for last stand first.
  std::unordered_map<std::string_view, Sessions::iterator> by_key_;
};

}  // namespace grapevine
