#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/encode/alert_rows.hpp"
#include "api/message.hpp"
#include "api/parse/alerts_request.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// One step of an alert, and the alert as it was then.
struct AlertStep {
  ToldAlertChange change;
  AlertDocument alert;
};

/// The steps behind `after` of the alerts that a snapshot has, by number; `limit` of them at most. The
/// filter is held against the alert as it was at the step.
std::vector<AlertStep> alert_steps(const Snapshot& snapshot, const AlertFilter& filter,
                                   std::uint64_t after, std::size_t limit);

/// The steps of alerts as server-sent events (HTML, 9.2), for as long as somebody listens: an event
/// `opened`, `acknowledged` or `closed` each, whose id is the step's number, with the alert as it was
/// then. Who names no step begins with how things stand: an event `snapshot` for each alert that is
/// not closed, and `live`, whose id is the last step that this includes. Not thread-safe.
class AlertEvents final : public BodySource {
 public:
  using Clock = std::chrono::steady_clock;
  /// Silence after which a comment is sent: proxies let go of connections that say nothing.
  static constexpr std::chrono::milliseconds kHeartbeat{15'000};

  /// `after`: the step that was told last; nullopt: begin with how things stand. The store outlives
  /// it.
  AlertEvents(const Store& store, AlertFilter filter, std::optional<std::uint64_t> after,
              std::chrono::milliseconds heartbeat = kHeartbeat);

  static std::string preface() { return "retry: 2000\n\n"; }

  absl::StatusOr<Piece> next() override;
  [[nodiscard]] bool ready() override;

 private:
  [[nodiscard]] std::string open_alerts(const Snapshot& snapshot) const;

  const Store& store_;
  const AlertFilter filter_;
  bool is_begun_;  // How things stand was told, or nobody wants to hear it.
  std::uint64_t told_;
  std::chrono::milliseconds heartbeat_;
  Clock::time_point said_ = Clock::now();
};

}  // namespace grapevine
