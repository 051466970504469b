#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "server/config.hpp"
#include "server/http/exchange.hpp"

namespace grapevine {

/// The executor of one I/O thread. Not any_io_executor: 2 us a request less.
using IoExecutor = boost::asio::io_context::executor_type;
template <typename Value>
using Awaitable = boost::asio::awaitable<Value, IoExecutor>;
inline constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable_t<IoExecutor>{});

/// The socket of one connection: bytes in and out, with the deadline of what is waited for. It has
/// no timer: somebody looks at `waiting` and cancels. Lives on its loop's thread.
class Wire {
 public:
  /// More in one call costs no less.
  static constexpr std::size_t kBulkReadBytes = 256 * kKiB;

  /// Takes over `socket`, an open file descriptor.
  Wire(boost::asio::io_context& context, const Limits& limits, int socket);

  void enter(Phase phase, Waiting::Clock::duration timeout) { waiting.enter(phase, timeout); }
  Waiting waiting;

  /// What was read and not yet used.
  [[nodiscard]] std::string_view unused() const;
  void use(std::size_t bytes) { buffer_.consume(bytes); }

  /// How many bytes came; 0 when the client has closed, the deadline has passed or the reading was
  /// ended.
  Awaitable<std::size_t> read_some(std::size_t bytes_max);
  /// Writes `first`, and `rest` in pieces with a deadline each. False: the client did not take it
  /// in time, or has gone.
  Awaitable<bool> write(std::string_view first, std::string_view rest = {});
  /// Writes within the deadline that stands.
  Awaitable<bool> interject(std::string_view bytes);
  /// Lets the client read the answer to what it is still sending: closing now would destroy it.
  Awaitable<void> linger();

  /// Bytes written since the last call.
  std::uint64_t take_written() { return std::exchange(written_, 0); }
  /// Ends the reading or writing in flight.
  void cancel();
  void close();
  /// -1: closed.
  [[nodiscard]] int native_socket() const;

 private:
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, IoExecutor>;

  const Limits& limits_;
  Socket socket_;
  boost::beast::flat_buffer buffer_;
  std::uint64_t written_ = 0;
};

}  // namespace grapevine
