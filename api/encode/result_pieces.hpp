#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <absl/status/status.h>

#include "api/encode/formats/format_writer.hpp"
#include "api/sql/run.hpp"

namespace grapevine {

/// A query's answer as bytes of a format, made while they are taken, so that a long one needs no more
/// memory than a piece of it. Not thread-safe.
class ResultPieces {
 public:
  using Clock = std::chrono::steady_clock;

  ResultPieces(std::unique_ptr<sql::QueryAnswer> answer, std::unique_ptr<sql::FormatWriter> writer,
               Clock::time_point started);

  /// Makes more, until there are `bytes_min` to take, or some and `pause` has passed, or it is done.
  /// Errors  those of the query; what was made before stays to be taken.
  absl::Status advance(std::size_t bytes_min, Clock::duration pause);
  [[nodiscard]] std::string take() { return writer_->take(); }
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] const sql::QueryAnswer& answer() const { return *answer_; }
  [[nodiscard]] Clock::duration elapsed() const { return Clock::now() - started_; }

 private:
  void end();

  std::unique_ptr<sql::QueryAnswer> answer_;
  std::unique_ptr<sql::FormatWriter> writer_;
  Clock::time_point started_;
  bool begun_ = false;
  bool done_ = false;
};

}  // namespace grapevine
