#pragma once

#include <string>
#include <utility>

#include "api/message.hpp"
#include "server/http/serving.hpp"

namespace grapevine {

/// An answer that goes on, piece by piece. Workers advance it while the connection waits for them;
/// one thread uses it at a time.
class Download {
 public:
  /// `source` outlives it.
  Download(Serving& serving, BodySource& source) : serving_(serving), source_(source) {}

  /// On a worker's thread: makes the next piece.
  void advance();

  /// What was made, once.
  std::string take_bytes() { return std::exchange(piece_.bytes, {}); }
  [[nodiscard]] BodySource::Then then() const { return piece_.then; }
  /// There will be no more, and what came is not whole. Logged already.
  [[nodiscard]] bool failed() const { return failed_; }
  /// Whether a source that waits has more by now.
  [[nodiscard]] bool ready() { return source_.ready(); }

 private:
  void fail(const absl::Status& status);

  Serving& serving_;
  BodySource& source_;
  BodySource::Piece piece_{{}, BodySource::Then::GoOn};
  bool failed_ = false;
};

}  // namespace grapevine
