#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/encode/json_writer.hpp"
#include "api/message.hpp"
#include "api/parse/members_request.hpp"
#include "api/plan/alert_document.hpp"

namespace grapevine {

/// A page of alerts and what it speaks from.
struct AlertAnswer {
  std::vector<AlertDocument> alerts;
  std::string next_cursor;  ///< Empty: it is the last page.
  std::vector<std::string> warnings;
  TimeMs as_of = 0;
  std::uint64_t snapshot = 0;  ///< Its number.
};

/// The members of an alert that a list has, into an object that was begun.
void write_alert_members(JsonWriter& json, const AlertDocument& alert);

/// The steps of an alert, by number.
struct ToldAlertChange {
  std::uint64_t number = 0;
  std::string_view event;  ///< "opened", "escalated", "acknowledged" or "closed".
};
std::vector<ToldAlertChange> changes_of(const AlertDocument& alert);

/// An alert as somebody is told of one step of it: the members of a list as they were then, `change` and
/// `number`.
void write_alert_change(JsonWriter& json, const AlertDocument& alert,
                        const ToldAlertChange& change);

absl::StatusOr<Response> encode_alerts(const AlertAnswer& answer, RowFormat format);

}  // namespace grapevine
