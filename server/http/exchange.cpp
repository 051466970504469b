#include "server/http/exchange.hpp"

#include "api/error.hpp"

namespace grapevine {
namespace {

// Any token can stand for a method; only these are ours to write down.
std::string_view known_method(const Exchange& exchange) {
  if (!exchange.parser.head_done()) return "none";
  for (const std::string_view method :
       {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    if (method == exchange.parser.request().method) return method;
  }
  return "other";
}

}  // namespace

void Waiting::enter(Phase phase, Clock::duration timeout) {
  phase_ = phase;
  expired_ = false;
  deadline_ = timeout == Clock::duration::max() ? Clock::time_point::max() : Clock::now() + timeout;
}

bool Waiting::check(Clock::time_point now) {
  if (now < deadline_) return false;
  deadline_ = Clock::time_point::max();
  expired_ = true;
  return true;
}

Exchange::Exchange(Serving& serving)
    : parser(serving.options.limits), body_lease(serving.admission.body_bytes) {}

std::size_t Exchange::feed(std::span<const char> bytes) {
  const bool head_was_done = parser.head_done();
  std::size_t taken = 0;
  while (taken < bytes.size() && !parser.refused() && !parser.done()) {
    const std::size_t used = parser.feed(bytes.subspan(taken));
    taken += used;
    if (used == 0 || parser.head_done() != head_was_done) break;
  }
  bytes_in += taken;
  return taken;
}

bool Exchange::may_go_on() const {
  return parser.done() && parser.keep_alive() && !parser.refused() && !hung_up;
}

void record(Serving& serving, const Exchange& exchange, int status) {
  const auto seconds_until = [&](std::chrono::steady_clock::time_point end) {
    return std::chrono::duration<double>(end - exchange.started).count();
  };
  const auto now = std::chrono::steady_clock::now();
  const double seconds = seconds_until(exchange.streaming_since.value_or(now));
  const std::string_view operation = exchange.routed.operation_id();
  serving.metrics.request_done({operation, status, seconds, exchange.bytes_in, exchange.bytes_out});
  serving.log.request({.method = known_method(exchange),
                       .operation = operation,
                       .status = status,
                       .bytes_in = exchange.bytes_in,
                       .bytes_out = exchange.bytes_out,
                       .elapsed_ms = seconds_until(now) * 1e3,
                       .request_id = exchange.request_id,
                       .hung_up = exchange.hung_up});
}

bool UploadPace::drips(std::uint64_t bytes) const {
  const Clock::duration read_for = Clock::now() - started_ - waited_;
  if (read_for < limits_.upload_rate_grace) return false;
  const double seconds = std::chrono::duration<double>(read_for).count();
  return static_cast<double>(bytes) <
         seconds * static_cast<double>(limits_.upload_bytes_per_second_min);
}

Response too_large(std::size_t bytes_max) {
  return to_response(problem(ErrorCode::TooLarge, "the body must not be larger than " +
                                                      std::to_string(bytes_max) + " bytes"));
}

Response too_slow() { return refusal(ErrorCode::Timeout, 408, "the request did not come in time"); }

Response cut_off() {
  return to_response(
      problem(ErrorCode::Malformed, "the body ends before its length or its last chunk"));
}

Response busy(WorkKind work) {
  return to_response(work == WorkKind::Query || work == WorkKind::Follow
                         ? problem(ErrorCode::Unavailable, "too many queries wait already")
                         : problem(ErrorCode::TooManyRequests, "too many calls wait already"));
}

Response too_many_streams(std::size_t open) {
  return to_response(
      problem(ErrorCode::Unavailable, std::to_string(open) + " streams are open already"));
}

}  // namespace grapevine
