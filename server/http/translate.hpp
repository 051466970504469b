#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/error.hpp"
#include "api/message.hpp"
#include "server/config.hpp"

namespace grapevine {

/// A problem whose status is not the usual one of its code, such as 431 or 408.
Response refusal(ErrorCode code, int status, std::string_view detail);

/// Makes one api::Request of the bytes of a connection: Beast's parser is known here only.
/// Not thread-safe. Made anew for each request.
class RequestParser {
 public:
  explicit RequestParser(const Limits& limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  /// Takes bytes from the front of `input` and returns how many; it stops behind the head and
  /// behind the body. Zero: it needs more than `input` to go on. Looks at no more input once
  /// `refused`.
  std::size_t feed(std::span<const char> input);

  /// The answer to what is no HTTP or over a limit; the connection cannot be used after it.
  [[nodiscard]] const std::optional<Response>& refused() const { return refused_; }

  [[nodiscard]] bool head_done() const;
  [[nodiscard]] bool done() const;

  // From here on: once the head is done.

  /// Method, path, query and headers; the body is left to the caller.
  Request& request() { return request_; }
  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] bool keep_alive() const;
  /// Whether the client is of HTTP/1.1: one of 1.0 knows no chunks.
  [[nodiscard]] bool knows_chunks() const;
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  [[nodiscard]] std::optional<std::uint64_t> content_length() const;
  /// What came of the body since the last call may be taken out of it.
  std::string& body();

 private:
  void parse_head();
  void refuse(ErrorCode code, int status, std::string_view detail);

  struct Impl;
  std::unique_ptr<Impl> impl_;
  const Limits& limits_;
  Request request_;
  std::optional<Response> refused_;
  std::size_t head_bytes_ = 0;
  bool expects_continue_ = false;
};

/// How a client learns where a body ends.
enum class BodyEnd : std::uint8_t { Length, Chunks, Close };

/// The head of `response` as it goes over the wire, with the empty line. Line breaks in the values
/// of headers, which would end them early, become spaces. `kept_for`: how long the connection waits for
/// another request; zero: it is closed.
std::string encode_head(const Response& response, std::chrono::seconds kept_for,
                        BodyEnd body_end = BodyEnd::Length);

/// A piece of a body that goes on, as it goes over the wire: a chunk of its own, where it comes in
/// chunks. Nothing stays nothing, since an empty chunk would end the body.
std::string encode_piece(std::string_view bytes, BodyEnd body_end);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace grapevine
