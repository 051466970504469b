#include <algorithm>
#include <mutex>
#include <span>
#include <utility>

#include "api/live/alerts/alert_keeper.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Steps that are noted as one.
constexpr std::size_t kStepsTogether = kAlertsMax;

// Which alerts are kept no longer, once those of `changed` are: the oldest closed ones first. What
// is forgotten at once is taken out of `changed`.
std::vector<std::uint64_t> forget_oldest(const Snapshot& snapshot,
                                         std::map<std::uint64_t, AlertDocument>& changed) {
  std::size_t count = count_alerts(snapshot) + changed.size();
  if (count <= kAlertsMax) return {};
  std::map<std::uint64_t, bool> closed;  // By id.
  for (const AlertDocument& alert : all_alerts(snapshot)) closed[alert.id] = !!alert.closed;
  for (const auto& [id, alert] : changed) closed[id] = !!alert.closed;
  count = closed.size();
  std::vector<std::pair<std::uint64_t, bool>> oldest(closed.begin(), closed.end());
  std::stable_partition(oldest.begin(), oldest.end(), [](const auto& one) { return one.second; });
  std::vector<std::uint64_t> forgotten;
  for (std::size_t i = 0; count > kAlertsMax; ++i, --count) {
    forgotten.push_back(oldest[i].first);
    changed.erase(oldest[i].first);
  }
  return forgotten;
}

}  // namespace

// A burst of the past begins and ends at once: its alert is stored once, as it is in the end.
absl::Status AlertKeeper::note(const std::vector<BurstStep>& steps) {
  const std::lock_guard lock(alert_changes);
  for (std::size_t i = 0; i < steps.size() || i == 0; i += kStepsTogether) {
    const std::size_t count = std::min(kStepsTogether, steps.size() - i);
    const auto snapshot = store_.snapshot();
    AlertState state = read_alert_state(*snapshot);
    Changed changed;
    for (const BurstStep& step : std::span(steps).subspan(i, count)) {
      switch (step.kind) {
        case BurstStep::Kind::Began: begin_alert(step, state, changed); break;
        case BurstStep::Kind::Joined: join_alert(step, *snapshot, changed); break;
        case BurstStep::Kind::Grew: grow_alert(step, *snapshot, state, changed); break;
        case BurstStep::Kind::Ended: end_alert(step, *snapshot, state, changed); break;
      }
    }
    // What is told stands in one record with how far that is: a crash tells nothing twice.
    if (i + count == steps.size() && newest_ != INT64_MIN) {
      state.judged_until = std::max(newest_, judged_until_);
      state.judged_from = judged_from_;
      state.counted = counted_;
    }
    const std::vector<std::uint64_t> forgotten = forget_oldest(*snapshot, changed);
    std::vector<AlertDocument> alerts;
    for (auto& [id, alert] : changed) alerts.push_back(std::move(alert));
    GRAPEVINE_RETURN_IF_ERROR(put_alerts(store_, alerts, forgotten, state));
    judged_until_ = state.judged_until.value_or(INT64_MIN);
  }
  state_noted_ = clock_();
  return absl::OkStatus();
}

void AlertKeeper::begin_alert(const BurstStep& step, AlertState& state, Changed& changed) {
  if (!step.ended && open_.contains(step.series)) return;
  AlertDocument alert;
  alert.id = ++state.last_change;
  alert.series = step.series;
  alert.ts = step.ts;
  alert.since = step.since;
  alert.opened_mood = step.series.mood;
  alert.opened = step.figures;
  if (!step.other_subject.empty()) alert.other_subject = step.other_subject;
  if (step.grown) {
    const TimeMs ts = std::max(step.ended.value_or(step.grown->change.ts), step.ts);
    alert.growth.push_back(*step.grown);
    alert.growth.back().change = {++state.last_change, ts};
    alert.series.mood = step.grown->mood;
  }
  if (step.ended) {
    alert.closed = alert.growth.back().change;
  } else {
    open_[alert.series] = alert.id;
  }
  changed.emplace(alert.id, std::move(alert));
}

// nullptr: none of the series is open.
AlertDocument* AlertKeeper::open_alert(const AlertSeries& series, const Snapshot& snapshot,
                                       Changed& changed) {
  const auto open = open_.find(series);
  if (open == open_.end()) return nullptr;
  const auto here = changed.find(open->second);
  if (here != changed.end()) return here->second.closed ? nullptr : &here->second;
  std::optional<AlertDocument> alert = find_alert(snapshot, open->second);
  if (!alert || alert->closed) return nullptr;
  return &changed.emplace(open->second, *std::move(alert)).first->second;
}

void AlertKeeper::join_alert(const BurstStep& step, const Snapshot& snapshot, Changed& changed) {
  AlertDocument* alert = open_alert(step.series, snapshot, changed);
  if (alert != nullptr && !alert->other_subject) alert->other_subject = step.other_subject;
}

void AlertKeeper::grow_alert(const BurstStep& step, const Snapshot& snapshot, AlertState& state,
                             Changed& changed) {
  AlertDocument* alert = open_alert(step.series, snapshot, changed);
  if (alert == nullptr) return;
  const bool is_own = alert->series == step.series;
  alert->growth.push_back(
      {{++state.last_change, step.ts}, step.figures, is_own ? step.mood : alert->series.mood});
  if (!is_own || step.mood == step.series.mood) return;
  alert->series.mood = step.mood;
  open_.erase(step.series);
  open_[alert->series] = alert->id;
}

void AlertKeeper::end_alert(const BurstStep& step, const Snapshot& snapshot, AlertState& state,
                            Changed& changed) {
  AlertDocument* alert = open_alert(step.series, snapshot, changed);
  open_.erase(step.series);
  if (alert == nullptr || alert->series != step.series) return;
  if (const auto other = alert->other_series()) open_.erase(*other);
  alert->closed = AlertChange{++state.last_change, std::max(step.ts, alert->ts)};
  alert->growth.push_back({*alert->closed, step.figures, alert->series.mood});
}

}  // namespace grapevine
