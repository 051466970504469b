#include "api/live/alert_events.hpp"

#include <algorithm>
#include <utility>

namespace grapevine {
namespace {

constexpr std::size_t kStepsAPiece = 1000;

}  // namespace

std::vector<AlertStep> alert_steps(const Snapshot& snapshot, const AlertFilter& filter,
                                   std::uint64_t after, std::size_t limit) {
  std::vector<AlertStep> steps;
  for (const AlertDocument& alert : all_alerts(snapshot)) {
    for (const ToldAlertChange& change : changes_of(alert)) {
      if (change.number <= after) continue;
      AlertDocument then = alert.at(change.number);
      if (filter.holds(then)) steps.push_back({change, std::move(then)});
    }
  }
  std::sort(steps.begin(), steps.end(), [](const AlertStep& a, const AlertStep& b) {
    return a.change.number < b.change.number;
  });
  if (steps.size() > limit) steps.resize(limit);
  return steps;
}

AlertEvents::AlertEvents(const Store& store, AlertFilter filter, std::optional<std::uint64_t> after,
                         std::chrono::milliseconds heartbeat)
    : store_(store),
      filter_(std::move(filter)),
      is_begun_(after.has_value()),
      told_(after.value_or(0)),
      heartbeat_(heartbeat) {}

bool AlertEvents::ready() {
  return !is_begun_ || read_alert_state(*store_.snapshot()).last_change > told_ ||
         Clock::now() - said_ >= heartbeat_;
}

// Those that are not over, by id. None of them has an id of an event: who is cut off among them begins
// anew.
std::string AlertEvents::open_alerts(const Snapshot& snapshot) const {
  std::string bytes;
  std::size_t count = 0;
  for (const AlertDocument& alert : all_alerts(snapshot)) {
    if (alert.closed || !filter_.holds(alert)) continue;
    ++count;
    JsonWriter json;
    write_alert_change(json, alert, {alert.last_change(), "snapshot"});
    bytes.append("event: snapshot\ndata: ").append(std::move(json).take()).append("\n\n");
  }
  const std::uint64_t last = read_alert_state(snapshot).last_change;
  JsonWriter json;
  json.begin_object();
  json.member("number", last);
  json.member("open", count);
  json.end_object();
  bytes.append("event: live\nid: ").append(std::to_string(last)).append("\n");
  return bytes.append("data: ").append(std::move(json).take()).append("\n\n");
}

absl::StatusOr<BodySource::Piece> AlertEvents::next() {
  const auto snapshot = store_.snapshot();
  const std::uint64_t last = read_alert_state(*snapshot).last_change;
  Piece piece;
  piece.then = Then::Wait;
  if (!is_begun_) {
    piece.bytes = open_alerts(*snapshot);
    told_ = last;
    is_begun_ = true;
  }
  if (last > told_) {
    const std::vector<AlertStep> steps = alert_steps(*snapshot, filter_, told_, kStepsAPiece);
    for (const AlertStep& step : steps) {
      JsonWriter json;
      write_alert_change(json, step.alert, step.change);
      piece.bytes.append("event: ").append(step.change.event).append("\n");
      piece.bytes.append("id: ").append(std::to_string(step.change.number)).append("\n");
      piece.bytes.append("data: ").append(std::move(json).take()).append("\n\n");
    }
    const bool more = steps.size() == kStepsAPiece;
    told_ = more ? steps.back().change.number : std::max(last, told_);
    if (!steps.empty()) told_ = std::max(told_, steps.back().change.number);
    if (more) piece.then = Then::GoOn;
  }
  if (piece.bytes.empty() && Clock::now() - said_ >= heartbeat_) piece.bytes = ": still here\n\n";
  if (!piece.bytes.empty()) said_ = Clock::now();
  return piece;
}

}  // namespace grapevine
