#include "server/http/wire.hpp"

#include <array>
#include <cstdint>

#include <boost/asio/write.hpp>

namespace grapevine {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// Asks for all that is left, at once: by itself Asio hands over 64 KiB at a time, and large answers
// would take as many turns of the loop.
std::size_t all_that_is_left(const error_code& error, std::size_t) { return error ? 0 : SIZE_MAX; }

}  // namespace

Wire::Wire(asio::io_context& context, const Limits& limits, int socket)
    : limits_(limits), socket_(context, asio::ip::tcp::v4(), socket) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

std::string_view Wire::unused() const {
  const auto bytes = buffer_.data();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

Awaitable<std::size_t> Wire::read_some(std::size_t bytes_max) {
  if (buffer_.size() == 0 && buffer_.capacity() > bytes_max) buffer_.shrink_to_fit();
  const asio::mutable_buffer space = buffer_.prepare(bytes_max);
  auto [error, count] = co_await socket_.async_read_some(space, kAwait);
  if (error) co_return 0;
  buffer_.commit(count);
  co_return count;
}

Awaitable<bool> Wire::write(std::string_view first, std::string_view rest) {
  bool written = true;
  while (written && (!first.empty() || !rest.empty())) {
    const std::string_view piece = rest.substr(0, limits_.write_piece_bytes);
    enter(Phase::Writing, limits_.write_timeout);
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first), asio::buffer(piece)};
    auto [error, count] = co_await asio::async_write(socket_, buffers, all_that_is_left, kAwait);
    written_ += count;
    written = !error;
    rest.remove_prefix(piece.size());
    first = {};
  }
  co_return written;
}

Awaitable<bool> Wire::interject(std::string_view bytes) {
  auto [error, count] =
      co_await asio::async_write(socket_, asio::buffer(bytes), all_that_is_left, kAwait);
  written_ += count;
  co_return !error;
}

Awaitable<void> Wire::linger() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  enter(Phase::Writing, limits_.linger_timeout);
  std::size_t dropped = 0;
  while (dropped < limits_.linger_bytes_max && !waiting.expired()) {
    buffer_.consume(buffer_.size());
    const std::size_t count = co_await read_some(kBulkReadBytes);
    if (count == 0) break;
    dropped += count;
  }
}

void Wire::cancel() {
  error_code ignored;
  socket_.cancel(ignored);
}

void Wire::close() {
  error_code ignored;
  socket_.close(ignored);
}

int Wire::native_socket() const {
  return socket_.is_open() ? const_cast<Socket&>(socket_).native_handle() : -1;
}

}  // namespace grapevine
