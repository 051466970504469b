#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// Where a server is.
struct ServerUrl {
  std::string host;
  std::string port = "80";
  std::string prefix;  ///< Of every path; "" or "/behind/a/proxy".
};

/// Parses `http://host[:port][/prefix]`. Errors  InvalidArgument: anything else, https included.
absl::StatusOr<ServerUrl> parse_server_url(std::string_view text);

struct ClientResponse {
  int status = 0;
  Fields headers;  ///< Names in lower case.
  std::string body;
};

/// Takes an answer while it comes.
class AnswerReader {
 public:
  virtual ~AnswerReader() = default;
  /// Status and headers; called once, before any piece.
  virtual void head(const ClientResponse& head) = 0;
  virtual void piece(std::string_view bytes) = 0;
};

/// One POST whose body is sent in chunks while it is made. Blocks. Not thread-safe.
class StreamingPost {
 public:
  /// Connects and sends the head. Errors  Unavailable: no connection.
  static absl::StatusOr<std::unique_ptr<StreamingPost>> open(const ServerUrl& url,
                                                             std::string_view target,
                                                             const Fields& headers);
  virtual ~StreamingPost() = default;

  /// Sends a piece, which is not empty. Errors  Unavailable: the connection broke.
  virtual absl::Status send(std::span<const char> piece) = 0;
  /// Whether the server answers already: nothing more need be sent.
  virtual bool answers_early() = 0;
  /// Ends the body and reads the answer; also after a failed `send`, for the answer may have come
  /// before.
  virtual absl::StatusOr<ClientResponse> finish() = 0;
  /// The same, but the body goes to `reader`.
  /// Errors  Unavailable: the connection broke, also in the middle of the answer.
  virtual absl::Status finish(AnswerReader& reader) = 0;
};

/// Text as it may stand in a URL.
std::string percent_encode(std::string_view text);

}  // namespace grapevine
