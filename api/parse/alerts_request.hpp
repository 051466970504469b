#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/members_request.hpp"
#include "api/plan/alert_document.hpp"

namespace grapevine {

/// Which alerts are meant; what is not said means all.
struct AlertFilter {
  std::vector<AlertStatus> statuses;
  std::vector<AlertSeverity> severities;
  std::vector<AlertMood> moods;
  std::vector<std::string> brands, products, topics, channels;  ///< Of each one is enough.
  std::optional<TimeMs> from, to;                               ///< Of the alarm: [from, to).

  [[nodiscard]] bool holds(const AlertDocument& alert) const;
};

/// What a reader of alerts asks for.
struct AlertsRequest {
  static constexpr std::size_t kLimitMax = kAlertsMax;

  AlertFilter filter;
  std::optional<std::uint64_t> after;     ///< A page: ids below it. Events: changes above it.
  std::optional<std::uint64_t> snapshot;  ///< The pinned one.
  std::size_t limit = 100;
  RowFormat format = RowFormat::Json;
  bool events = false;  ///< As server-sent events, which go on.
};

/// Reads the parameters of `GET /v1/alerts`.
/// Errors  Unprocessable: as of every query. Gone: a cursor that no server of this version gave.
absl::StatusOr<AlertsRequest> parse_alerts_request(const Request& request, const Context& context);

std::string write_alert_cursor(std::uint64_t id, std::size_t limit);

/// The number that a path or a body names an alert by; nullopt: none.
std::optional<std::uint64_t> parse_alert_id(std::string_view text);

}  // namespace grapevine
