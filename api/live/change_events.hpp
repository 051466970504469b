#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "api/execute/change_page.hpp"
#include "api/message.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// The changes of a segment as server-sent events (HTML, 9.2), for as long as somebody listens: an
/// event `entered` or `left` each, whose id is the cursor behind it. Not thread-safe.
class ChangeEvents final : public BodySource {
 public:
  using Clock = std::chrono::steady_clock;
  /// Silence after which a comment is sent: proxies let go of connections that say nothing.
  static constexpr std::chrono::milliseconds kHeartbeat{15'000};

  /// `from` was checked. The store outlives it.
  ChangeEvents(const Store& store, ChangeReader reader, const ChangeCursor& from,
               std::chrono::milliseconds heartbeat = kHeartbeat);

  /// What stands before the first event: how long a client waits before it comes back.
  static std::string preface();

  absl::StatusOr<Piece> next() override;
  [[nodiscard]] bool ready() override;

 private:
  Piece end_with(std::string_view detail);

  const Store& store_;
  ChangeReader reader_;
  ChangeCursor next_;
  std::chrono::milliseconds heartbeat_;
  Clock::time_point said_ = Clock::now();  // When something was said last.
};

}  // namespace grapevine
