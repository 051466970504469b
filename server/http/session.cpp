#include "server/http/session.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "server/http/exchange.hpp"
#include "server/http/translate.hpp"
#include "server/http/upload.hpp"

namespace grapevine {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Executor = asio::io_context::executor_type;  // Not any_io_executor: 2 us a request less.
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
template <typename Value>
using Awaitable = asio::awaitable<Value, Executor>;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<Executor>{});

constexpr std::size_t kReadBytes = 8 * kKiB;        // A head, and a small body with it.
constexpr std::size_t kBulkReadBytes = 256 * kKiB;  // More in one call costs no less.

// One connection. Lives on its loop's thread; workers see only what an exchange lends them, and the
// coroutine waits for them before the exchange ends.
class Session final : public Connection {
 public:
  Session(IoLoop& loop, Serving& serving, int socket)
      : loop_(loop),
        serving_(serving),
        limits_(serving.options.limits),
        socket_(loop.context(), asio::ip::tcp::v4(), socket),
        work_done_(loop.context(), Clock::time_point::max()) {
    boost::system::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    exchange_.emplace(serving);
    loop_.add(*this);
  }
  ~Session() override { loop_.remove(*this); }

  Awaitable<void> run() {
    bool again = true;
    while (again && !serving_.draining) {
      exchange_.emplace(serving_);
      again = co_await read_head();
      if (again) again = co_await answer();
    }
    close();
  }

  void sweep(Time now) override {
    if (!waiting_.check(now)) return;
    waiting_.phase() == Phase::Running ? exchange_->stop.request() : cancel();
  }
  int watched_socket() const override {
    return waiting_.phase() == Phase::Running && !exchange_->hung_up && socket_.is_open()
               ? const_cast<Socket&>(socket_).native_handle()
               : -1;
  }
  void hung_up() override {
    exchange_->hung_up = true;
    exchange_->stop.request();
  }
  void drain() override {
    if (waiting_.phase() == Phase::Idle) cancel();
  }
  void hurry() override {
    exchange_->stop.request();
    hurried_ = true;
    if (waiting_.phase() != Phase::Running && waiting_.phase() != Phase::Writing) cancel();
  }
  void cut() override {
    exchange_->stop.request();
    close();
  }

 private:
  // True: the head of a request is there. False: the connection is done with, refused if need be.
  Awaitable<bool> read_head() {
    enter(Phase::Idle, limits_.idle_timeout);
    while (true) {
      skip_empty_lines();
      if (buffer_.size() > 0) {
        if (waiting_.phase() == Phase::Idle) begin_request();
        feed();
        if (exchange_->parser.refused()) {
          Response answer = *exchange_->parser.refused();
          co_await refuse(answer);
          co_return false;
        }
        if (exchange_->parser.head_done()) co_return true;
      }
      const std::size_t count = co_await read_some(kReadBytes);
      if (count > 0) continue;
      if (waiting_.phase() == Phase::Reading && waiting_.expired()) {
        Response answer = too_slow();
        co_await refuse(answer);
      }
      co_return false;
    }
  }

  // RFC 9112 asks to be lenient about these before a request.
  void skip_empty_lines() {
    if (waiting_.phase() != Phase::Idle) return;
    const std::string_view bytes = unused();
    buffer_.consume(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
  }

  void begin_request() {
    exchange_->started = Clock::now();
    exchange_->request_id = serving_.next_request_id();
    enter(Phase::Reading, limits_.request_timeout);
  }

  // Gives the parser what was read and not yet used.
  void feed() {
    const std::string_view bytes = unused();
    buffer_.consume(exchange_->feed(bytes));
  }
  std::string_view unused() const {
    const auto bytes = buffer_.data();
    return {static_cast<const char*>(bytes.data()), bytes.size()};
  }

  // How many bytes came; 0 when the client has closed, the deadline has passed or the reading was
  // ended.
  Awaitable<std::size_t> read_some(std::size_t bytes_max) {
    if (buffer_.size() == 0 && buffer_.capacity() > bytes_max) buffer_.shrink_to_fit();
    const asio::mutable_buffer space = buffer_.prepare(bytes_max);
    auto [error, count] = co_await socket_.async_read_some(space, kAwait);
    if (error) co_return 0;
    buffer_.commit(count);
    co_return count;
  }

  // Reads the whole body of an ordinary operation. The answer where it cannot be had.
  Awaitable<std::optional<Response>> read_body() {
    RequestParser& parser = exchange_->parser;
    if (parser.content_length().value_or(0) > limits_.body_bytes_max) co_return too_large(limits_);
    const bool told = co_await send_continue();
    if (!told) co_return cut_off();
    while (true) {
      feed();
      if (parser.refused()) co_return *parser.refused();
      if (parser.body().size() > limits_.body_bytes_max) co_return too_large(limits_);
      if (!exchange_->body_lease.grow_to(parser.body().size())) {
        serving_.metrics.rejected(exchange_->routed.work());
        co_return busy(WorkKind::Collect);
      }
      if (parser.done()) co_return std::nullopt;
      const std::size_t wanted = std::clamp<std::size_t>(
          parser.content_length().value_or(kReadBytes), kReadBytes, kBulkReadBytes);
      const std::size_t count = co_await read_some(wanted);
      if (count == 0) co_return waiting_.expired() ? too_slow() : cut_off();
    }
  }

  // Tells a client that waits with its body to send it. False: the client has gone.
  Awaitable<bool> send_continue() {
    if (!exchange_->parser.expects_continue() || exchange_->parser.done()) co_return true;
    auto [error, count] = co_await asio::async_write(socket_, asio::buffer(kContinue), kAwait);
    exchange_->bytes_out += count;
    co_return !error;
  }

  // True: the connection may go on to the next request.
  Awaitable<bool> answer() {
    RequestParser& parser = exchange_->parser;
    Routed& routed = exchange_->routed;
    routed = route_request(serving_, parser.request());
    ++serving_.metrics.in_flight;
    Response response;
    if (routed.streams()) {
      response = co_await take_upload();
    } else if (routed.answer && parser.expects_continue()) {
      response = *std::move(routed.answer);  // Before the body: it would be sent for nothing.
    } else {
      response = co_await answer_with_body();
    }
    const bool again = exchange_->may_go_on() && !serving_.draining;
    const bool written = co_await write(response, again);
    --serving_.metrics.in_flight;
    if (written && !parser.done()) co_await linger();
    const bool go_on = written && again;
    co_return go_on;
  }

  Awaitable<Response> answer_with_body() {
    std::optional<Response> failed = co_await read_body();
    if (failed) co_return *std::move(failed);
    exchange_->parser.request().body = std::move(exchange_->parser.body());
    if (exchange_->routed.answer) co_return *std::move(exchange_->routed.answer);
    co_return co_await run_operation();
  }

  // Runs the operation on a worker thread.
  Awaitable<Response> run_operation() {
    const WorkKind work = exchange_->routed.work();
    std::optional<Response> response;
    const bool admitted = start_work(serving_.admission.pool(work), [this, &response] {
      Exchange& exchange = *exchange_;
      Request& request = exchange.parser.request();
      response = run_request(serving_, exchange.routed, request, exchange.stop);
      dress(serving_, exchange.routed, request, *response);
    });
    if (!admitted) {
      serving_.metrics.rejected(work);
      Response refused = busy(work);
      dress(serving_, exchange_->routed, exchange_->parser.request(), refused);
      co_return refused;
    }
    enter(Phase::Running, limits_.compute_timeout);
    co_await work_end();
    co_return *std::move(response);
  }

  // Hands the body on while it comes: one piece is read while the one before it is worked on.
  Awaitable<Response> take_upload() {
    if (!serving_.admission.uploads.try_take(1)) {
      serving_.metrics.rejected(WorkKind::Collect);
      co_return busy(WorkKind::Collect);
    }
    Lease slot(serving_.admission.uploads, 1);
    const bool told = co_await send_continue();
    if (!told) co_return cut_off();
    Exchange& exchange = *exchange_;
    Upload upload(serving_, exchange.routed, exchange.parser.request(), exchange.stop);
    upload_ = &upload;
    UploadPace pace(limits_);
    std::optional<Response> failed;
    bool ended = false;
    while (!failed && !ended && !upload.answered()) {
      failed = co_await read_piece(pace);
      if (failed) exchange.stop.request();
      pace.pause();
      enter(Phase::Running, Clock::duration::max());
      co_await work_end();
      pace.resume();
      if (failed || upload.answered()) break;
      ended = exchange.parser.done();
      std::string piece = std::exchange(exchange.parser.body(), {});
      start_admitted_work(serving_.admission.pool(exchange.routed.work()),
                          [&upload, ended, piece = std::move(piece)] {
                            upload.feed(piece);
                            if (ended) upload.finish();
                          });
    }
    enter(Phase::Running, Clock::duration::max());
    co_await work_end();
    upload_ = nullptr;
    if (upload.answered()) co_return upload.take_response();
    co_return *std::move(failed);
  }

  // Reads until a piece of an upload is full or has been filling for long, the body ends or the
  // upload has failed meanwhile. The answer where the body stops coming.
  Awaitable<std::optional<Response>> read_piece(const UploadPace& pace) {
    RequestParser& parser = exchange_->parser;
    const Clock::time_point full_by = Clock::now() + limits_.piece_wait;
    while (!upload_->answered()) {
      feed();
      if (parser.refused()) co_return *parser.refused();
      if (parser.done() || parser.body().size() >= limits_.piece_bytes) break;
      if (!parser.body().empty() && Clock::now() >= full_by) break;
      enter(Phase::Reading, limits_.upload_idle_timeout);
      const std::size_t count = co_await read_some(kBulkReadBytes);
      if (count == 0) {
        if (upload_->answered()) break;
        co_return waiting_.expired() ? too_slow() : cut_off();
      }
      if (pace.drips(exchange_->bytes_in)) co_return too_slow();
    }
    co_return std::nullopt;
  }

  bool start_work(WorkerPool& pool, WorkerPool::Task task) {
    working_ = pool.try_run(wrap(std::move(task)));
    return working_;
  }
  void start_admitted_work(WorkerPool& pool, WorkerPool::Task task) {
    pool.run(wrap(std::move(task)));
    working_ = true;
  }
  // Comes back to the loop after the task; the session is alive, since its coroutine waits for
  // that.
  WorkerPool::Task wrap(WorkerPool::Task task) {
    return [this, task = std::move(task)] {
      task();
      asio::post(loop_.context(), [this] {
        working_ = false;
        work_done_.cancel();
        // A failed upload is answered at once, though the client goes on sending or pauses.
        if (upload_ != nullptr && upload_->answered() && waiting_.phase() == Phase::Reading)
          cancel();
      });
    };
  }
  Awaitable<void> work_end() {
    while (working_) co_await work_done_.async_wait(kAwait);
  }

  Awaitable<bool> write(Response& response, bool keep_alive) {
    Exchange& exchange = *exchange_;
    response.headers.emplace_back("X-Request-Id", exchange.request_id);
    const std::string head = encode_head(response, keep_alive);
    std::string_view rest = response.body;
    if (exchange.parser.head_done() && exchange.parser.request().method == "HEAD") rest = {};
    bool first = true;
    bool written = true;
    while (written && (first || !rest.empty())) {
      const std::string_view piece = rest.substr(0, limits_.write_piece_bytes);
      rest.remove_prefix(piece.size());
      enter(Phase::Writing, limits_.write_timeout);
      const std::array<asio::const_buffer, 2> buffers = {
          asio::buffer(first ? std::string_view(head) : std::string_view()), asio::buffer(piece)};
      auto [error, count] = co_await asio::async_write(socket_, buffers, kAwait);
      exchange.bytes_out += count;
      written = !error;
      first = false;
    }
    record(serving_, exchange, response.status);
    co_return written;
  }

  // Answers what never became a request of an operation.
  Awaitable<void> refuse(Response& response) {
    const bool written = co_await write(response, false);
    if (written) co_await linger();
  }

  // Lets the client read the answer to what it is still sending: closing now would destroy it.
  Awaitable<void> linger() {
    if (hurried_) co_return;
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    enter(Phase::Writing, limits_.linger_timeout);
    std::size_t dropped = 0;
    while (dropped < limits_.linger_bytes_max && !waiting_.expired()) {
      buffer_.consume(buffer_.size());
      const std::size_t count = co_await read_some(kBulkReadBytes);
      if (count == 0) break;
      dropped += count;
    }
  }

  void enter(Phase phase, Clock::duration timeout) { waiting_.enter(phase, timeout); }
  void cancel() {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }
  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  IoLoop& loop_;
  Serving& serving_;
  const Limits& limits_;
  Socket socket_;
  boost::beast::flat_buffer buffer_;
  std::optional<Exchange> exchange_;
  Waiting waiting_;
  bool hurried_ = false;  // The server wants to end.
  bool working_ = false;
  Timer work_done_;           // Never expires: cancelled when a worker is done.
  Upload* upload_ = nullptr;  // While one is in flight.
};

}  // namespace

void serve_connection(IoLoop& loop, Serving& serving, int socket, std::function<void()> ended) {
  auto session = std::make_shared<Session>(loop, serving, socket);
  Session& connection = *session;
  asio::co_spawn(loop.context(), connection.run(),
                 [session = std::move(session), ended = std::move(ended),
                  &serving](const std::exception_ptr& thrown) mutable {
                   if (thrown) serving.log.error("connection", "ended by an exception");
                   session.reset();
                   ended();
                 });
}

}  // namespace grapevine
