#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace grapevine::tests {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What came back over the wire. Header names in lower case.
struct Answer {
  int status = 0;
  Headers headers;
  std::string body;

  /// Empty where there is no such header.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// One `grapevine serve` of its own on a free port of loopback, stopped by SIGTERM at the end: the
/// real binary, so that what is tested is what users get. Not thread-safe.
class Served {
 public:
  /// Waits until the server says where it listens. Throws where it does not.
  explicit Served(const std::vector<std::string>& arguments = {});
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;
  ~Served();

  /// Sends one request on a connection of its own. Throws where no whole answer comes.
  [[nodiscard]] Answer ask(std::string_view method, std::string_view path, const Headers& headers,
                           std::string_view body) const;

  /// SIGTERM, then waits. Returns the exit code; 128 + n where signal n ended it.
  int stop();

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
  int output_ = -1;  // Reads the server's standard output.
};

}  // namespace grapevine::tests
