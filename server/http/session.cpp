#include "server/http/session.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "server/http/download.hpp"
#include "server/http/exchange.hpp"
#include "server/http/translate.hpp"
#include "server/http/upload.hpp"
#include "server/http/wire.hpp"

namespace grapevine {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, IoExecutor>;

constexpr std::size_t kReadBytes = 8 * kKiB;  // A head, and a small body with it.

// One connection. Lives on its loop's thread; workers see only what an exchange lends them, and the
// coroutine waits for them before the exchange ends.
class Session final : public Connection {
 public:
  Session(IoLoop& loop, Serving& serving, int socket)
      : loop_(loop),
        serving_(serving),
        limits_(serving.options.limits),
        wire_(loop.context(), limits_, socket),
        wake_(loop.context(), Clock::time_point::max()) {
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
    wire_.close();
  }

  void sweep(Time now) override {
    if (phase() == Phase::Following && download_->ready()) wake();
    if (!wire_.waiting.check(now)) return;
    phase() == Phase::Running ? exchange_->stop.request() : wire_.cancel();
  }
  int watched_socket() const override {
    const bool watched = phase() == Phase::Running || phase() == Phase::Following;
    return watched && !exchange_->hung_up ? wire_.native_socket() : -1;
  }
  void hung_up() override {
    exchange_->hung_up = true;
    exchange_->stop.request();
    if (phase() == Phase::Following) wake();
  }
  void drain() override {
    if (phase() == Phase::Idle) wire_.cancel();
    if (phase() == Phase::Following) wake();
  }
  void hurry() override {
    exchange_->stop.request();
    hurried_ = true;
    if (phase() == Phase::Following) wake();
    if (phase() != Phase::Running && phase() != Phase::Writing) wire_.cancel();
  }
  void cut() override {
    exchange_->stop.request();
    wire_.close();
  }

 private:
  // True: the head of a request is there. False: the connection is done with, refused if need be.
  Awaitable<bool> read_head() {
    enter(Phase::Idle, limits_.idle_timeout);
    while (true) {
      skip_empty_lines();
      if (!wire_.unused().empty()) {
        if (phase() == Phase::Idle) begin_request();
        feed();
        if (exchange_->parser.refused()) {
          Response answer = *exchange_->parser.refused();
          co_await refuse(answer);
          co_return false;
        }
        if (exchange_->parser.head_done()) co_return true;
      }
      const std::size_t count = co_await wire_.read_some(kReadBytes);
      if (count > 0) continue;
      if (phase() == Phase::Reading && wire_.waiting.expired()) {
        Response answer = too_slow();
        co_await refuse(answer);
      }
      co_return false;
    }
  }

  // RFC 9112 asks to be lenient about these before a request.
  void skip_empty_lines() {
    if (phase() != Phase::Idle) return;
    const std::string_view bytes = wire_.unused();
    wire_.use(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
  }

  void begin_request() {
    exchange_->started = Clock::now();
    exchange_->request_id = serving_.next_request_id();
    enter(Phase::Reading, limits_.request_timeout);
  }

  // Gives the parser what was read and not yet used.
  void feed() {
    const std::string_view bytes = wire_.unused();
    wire_.use(exchange_->feed(bytes));
  }

  // Reads the whole body of an ordinary operation. The answer where it cannot be had.
  Awaitable<std::optional<Response>> read_body() {
    RequestParser& parser = exchange_->parser;
    const std::size_t bytes_max = body_bytes_max(limits_, exchange_->routed.route);
    if (parser.content_length().value_or(0) > bytes_max) co_return too_large(bytes_max);
    const bool told = co_await send_continue();
    if (!told) co_return cut_off();
    while (true) {
      feed();
      if (parser.refused()) co_return *parser.refused();
      if (parser.body().size() > bytes_max) co_return too_large(bytes_max);
      if (!exchange_->body_lease.grow_to(parser.body().size())) {
        serving_.metrics.rejected(exchange_->routed.work());
        co_return busy(WorkKind::Collect);
      }
      if (parser.done()) co_return std::nullopt;
      const std::size_t wanted = std::clamp<std::size_t>(
          parser.content_length().value_or(kReadBytes), kReadBytes, Wire::kBulkReadBytes);
      const std::size_t count = co_await wire_.read_some(wanted);
      if (count == 0) co_return wire_.waiting.expired() ? too_slow() : cut_off();
    }
  }

  // Tells a client that waits with its body to send it. False: the client has gone.
  Awaitable<bool> send_continue() {
    if (!exchange_->parser.expects_continue() || exchange_->parser.done()) co_return true;
    co_return co_await wire_.interject(kContinue);
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
    bool written = false;
    if (response.rest && parser.request().method != "HEAD") {
      written = co_await stream(response, again);
    } else {
      written = co_await write(response, again);
    }
    --serving_.metrics.in_flight;
    if (written && !parser.done() && !hurried_) co_await wire_.linger();
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
      const std::size_t count = co_await wire_.read_some(Wire::kBulkReadBytes);
      if (count == 0) {
        if (upload_->answered()) break;
        co_return wire_.waiting.expired() ? too_slow() : cut_off();
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
        wake_.cancel();
        // A failed upload is answered at once, though the client goes on sending or pauses.
        if (upload_ != nullptr && upload_->answered() && phase() == Phase::Reading) wire_.cancel();
      });
    };
  }
  Awaitable<void> work_end() {
    while (working_) co_await wake_.async_wait(kAwait);
  }

  // Sends an answer that goes on. No worker is held while there is nothing to say.
  Awaitable<bool> stream(Response& response, bool keep_alive) {
    if (!serving_.admission.streams.try_take(1)) {
      serving_.metrics.rejected(exchange_->routed.work());
      Response refused = too_many_streams(serving_.admission.streams.taken());
      co_return co_await write(refused, keep_alive);
    }
    const Lease slot(serving_.admission.streams, 1);
    ++serving_.metrics.streams;
    exchange_->streaming_since = Clock::now();
    const BodyEnd body_end = end_of(response);
    response.headers.emplace_back("X-Request-Id", exchange_->request_id);
    std::string piece =
        encode_head(response, kept_for(keep_alive && body_end == BodyEnd::Chunks), body_end);
    piece += encode_piece(response.body, body_end);
    bool written = co_await wire_.write(piece);
    if (written) written = co_await follow(*response.rest, body_end);
    --serving_.metrics.streams;
    record_answer(response.status);
    const bool go_on = written && body_end == BodyEnd::Chunks;
    co_return go_on;
  }

  // Writes what a source says, until its end or ours. True: the body is whole.
  Awaitable<bool> follow(BodySource& source, BodyEnd body_end) {
    Download download(serving_, source);
    download_ = &download;
    bool sound = true;
    while (sound && download.then() != BodySource::Then::End) {
      start_admitted_work(serving_.admission.pool(exchange_->routed.work()),
                          [&download] { download.advance(); });
      enter(Phase::Running, limits_.compute_timeout);
      co_await work_end();
      const std::string piece = encode_piece(download.take_bytes(), body_end);
      sound = !download.failed() && !exchange_->hung_up && !hurried_;
      if (sound) sound = co_await wire_.write(piece);
      if (!sound || download.then() != BodySource::Then::Wait) continue;
      enter(Phase::Following, Clock::duration::max());
      co_await news();
      sound = !exchange_->hung_up && !hurried_;
      if (serving_.draining) break;  // Nobody waits for what may never come.
    }
    download_ = nullptr;
    if (sound && body_end == BodyEnd::Chunks) sound = co_await wire_.write(kLastChunk);
    co_return sound;
  }

  // Until the source has more, or there is a reason not to wait for it.
  Awaitable<void> news() {
    while (phase() == Phase::Following && !serving_.draining) co_await wake_.async_wait(kAwait);
  }
  void wake() {
    enter(Phase::Running, Clock::duration::max());
    wake_.cancel();
  }

  Awaitable<bool> write(Response& response, bool keep_alive) {
    response.headers.emplace_back("X-Request-Id", exchange_->request_id);
    const RequestParser& parser = exchange_->parser;
    const bool head_only = parser.head_done() && parser.request().method == "HEAD";
    const std::string head = encode_head(response, kept_for(keep_alive), end_of(response));
    const bool written = co_await wire_.write(head, head_only ? std::string_view() : response.body);
    record_answer(response.status);
    co_return written;
  }

  std::chrono::seconds kept_for(bool keep_alive) const {
    if (!keep_alive) return {};
    return std::chrono::duration_cast<std::chrono::seconds>(limits_.idle_timeout);
  }

  BodyEnd end_of(const Response& response) const {
    if (!response.rest) return BodyEnd::Length;
    return exchange_->parser.knows_chunks() ? BodyEnd::Chunks : BodyEnd::Close;
  }

  void record_answer(int status) {
    exchange_->bytes_out += wire_.take_written();
    record(serving_, *exchange_, status);
  }

  // Answers what never became a request of an operation.
  Awaitable<void> refuse(Response& response) {
    const bool written = co_await write(response, false);
    if (written && !hurried_) co_await wire_.linger();
  }

  void enter(Phase phase, Clock::duration timeout) { wire_.enter(phase, timeout); }
  [[nodiscard]] Phase phase() const { return wire_.waiting.phase(); }

  IoLoop& loop_;
  Serving& serving_;
  const Limits& limits_;
  Wire wire_;
  std::optional<Exchange> exchange_;
  bool hurried_ = false;  // The server wants to end.
  bool working_ = false;
  Timer wake_;                    // Never expires: cancelled when a worker is done, or for news.
  Upload* upload_ = nullptr;      // While one is in flight.
  Download* download_ = nullptr;  // The same.
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
