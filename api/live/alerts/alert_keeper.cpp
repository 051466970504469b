#include "api/live/alerts/alert_keeper.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <span>
#include <thread>
#include <tuple>
#include <utility>

#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kWeekMs = 7 * BurstDetector::kDayMs;
constexpr std::size_t kStepsTogether = 32;
constexpr TimeMs kEver = std::numeric_limits<TimeMs>::min();

bool is_later(const WatchedMention& a, const WatchedMention& b) {
  return std::tie(a.ts, a.sequence) > std::tie(b.ts, b.sequence);
}

TimeMs oldest_event(const Snapshot& snapshot) {
  TimeMs oldest = std::numeric_limits<TimeMs>::max();
  for (const auto& part : snapshot.parts()) oldest = std::min(oldest, part->first);
  return oldest;
}

}  // namespace

void AlertKeeper::run(const Stop& stop) {
  while (!stop.requested()) {
    const bool failed = !advance().ok();
    std::this_thread::sleep_for(failed ? 10 * kRound : kRound);
  }
}

absl::Status AlertKeeper::advance() {
  const auto snapshot = store_.snapshot();
  const TimeMs now = clock_();
  std::vector<BurstStep> steps;
  if (!begun_) {
    for (WatchedMention& mention : new_.take(*snapshot, now + 1)) later_.push_back(mention);
    std::make_heap(later_.begin(), later_.end(), is_later);
    const AlertState told = read_alert_state(*snapshot);
    count_anew(*snapshot, told.judged_until ? *told.judged_until + 1 : kEver, now, steps);
    begun_ = true;
    state_noted_ = now;
  } else if (snapshot->number() != snapshot_ || !later_.empty() || history_) {
    count_new(*snapshot, now, steps);
  }
  snapshot_ = snapshot->number();
  // While mentions come, an import of the past too, time is theirs.
  const bool is_idle = now - newest_came_ >= kIdleMs;
  watch_.end_bursts(is_idle ? now : std::min(now, newest_), steps);
  count_facts();
  const bool is_due = newest_ > judged_until_ && now - state_noted_ >= kNoteMs;
  if (steps.empty() && !is_due) return absl::OkStatus();
  const absl::Status noted = note(steps);
  if (!noted.ok()) begun_ = false;
  return noted;
}

// Counts what came, in the order of time. What is of the future waits until its time comes.
void AlertKeeper::count_new(const Snapshot& snapshot, TimeMs now, std::vector<BurstStep>& steps) {
  std::vector<WatchedMention> mentions;
  if (snapshot.number() != snapshot_) mentions = new_.take(snapshot);
  const auto future = std::find_if(mentions.begin(), mentions.end(),
                                   [&](const WatchedMention& mention) { return mention.ts > now; });
  for (auto at = future; at != mentions.end(); ++at) {
    later_.push_back(*at);
    std::push_heap(later_.begin(), later_.end(), is_later);
  }
  mentions.erase(future, mentions.end());
  const auto came = static_cast<std::ptrdiff_t>(mentions.size());
  while (!later_.empty() && later_.front().ts <= now) {
    mentions.push_back(later_.front());
    std::pop_heap(later_.begin(), later_.end(), is_later);
    later_.pop_back();
  }
  std::inplace_merge(mentions.begin(), mentions.begin() + came, mentions.end(),
                     [](const auto& a, const auto& b) { return is_later(b, a); });
  for (const WatchedMention& mention : mentions) watch_.count(mention, steps);
  mentions_ += mentions.size();
  if (!mentions.empty()) {
    newest_ = std::max(newest_, mentions.back().ts);
    newest_came_ = now;
  }
  const std::optional<TimeMs> older = watch_.take_history();
  if (older) history_ = std::min(history_.value_or(*older), *older);
  // Once no more of it comes; that takes a twentieth of the time at most.
  const auto begun = std::chrono::steady_clock::now();
  if (!history_ || older || begun < may_count_anew_) return;
  count_anew(snapshot, *history_, now, steps);
  history_.reset();
  const auto ended = std::chrono::steady_clock::now();
  may_count_anew_ = ended + 20 * (ended - begun);
}

void AlertKeeper::count_anew(const Snapshot& snapshot, TimeMs tell_from, TimeMs now,
                             std::vector<BurstStep>& steps) {
  watch_.restart();
  std::vector<BurstStep> found;
  if (snapshot.rows() > 0) {
    const TimeMs newest = std::min(now, snapshot.newest_event());
    const TimeMs oldest = std::max(oldest_event(snapshot), newest - kHorizonMs);
    for (TimeMs from = oldest; from <= newest; from += kWeekMs) {
      const TimeMs to = std::min(from + kWeekMs, newest + 1);
      const std::vector<WatchedMention> mentions = new_.seen(snapshot, from, to);
      for (const WatchedMention& mention : mentions) watch_.count(mention, found);
      if (!mentions.empty()) newest_ = std::max(newest_, mentions.back().ts);
      mentions_ += mentions.size();
    }
    static_cast<void>(watch_.take_history());
  }
  match_told(snapshot, tell_from, found);
  steps.insert(steps.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
}

// Leaves, of what was found again, what nobody was told yet; and ends alerts whose bursts are over.
void AlertKeeper::match_told(const Snapshot& snapshot, TimeMs tell_from,
                             std::vector<BurstStep>& steps) {
  open_.clear();
  std::map<AlertSeries, std::vector<TimeMs>> told;
  std::map<AlertSeries, TimeMs> still_open;
  for (const AlertDocument& alert : all_alerts(snapshot)) {
    told[alert.series].push_back(alert.ts);
    watch_.know_alarm(alert.series, alert.ts);
    if (alert.closed) continue;
    open_[alert.series] = alert.id;
    still_open[alert.series] = alert.ts;
  }
  const auto is_told = [&](const BurstStep& step) {
    const auto times = told.find(step.series);
    return times != told.end() &&
           std::any_of(times->second.begin(), times->second.end(), [&](TimeMs ts) {
             return std::abs(ts - step.ts) <= BurstDetector::kBetweenAlarmsMs;
           });
  };
  std::vector<BurstStep> news;
  std::map<AlertSeries, bool> is_new;  // Whether the burst that is under way is one to tell.
  for (BurstStep& step : steps) {
    if (step.began) {
      is_new[step.series] = step.ts >= tell_from && !is_told(step);
      if (is_new[step.series]) news.push_back(std::move(step));
      continue;
    }
    const auto open = still_open.find(step.series);
    if (open != still_open.end() && step.ts > open->second) {
      still_open.erase(open);
      news.push_back(std::move(step));
    } else if (std::exchange(is_new[step.series], false)) {
      news.push_back(std::move(step));
    }
  }
  for (const auto& [series, ts] : still_open) {
    if (watch_.in_burst(series)) continue;
    BurstStep ended;  // Nothing of it was found again: its events were taken back, or are too old.
    ended.series = series;
    ended.ts = ts;
    news.push_back(std::move(ended));
  }
  steps = std::move(news);
}

// A burst of the past begins and ends at once: its alert is stored once, as it is in the end.
absl::Status AlertKeeper::note(const std::vector<BurstStep>& steps) {
  const std::lock_guard lock(alert_changes);
  for (std::size_t i = 0; i < steps.size() || i == 0; i += kStepsTogether) {
    const std::size_t count = std::min(kStepsTogether, steps.size() - i);
    const auto snapshot = store_.snapshot();
    AlertState state = read_alert_state(*snapshot);
    Changed changed;
    for (const BurstStep& step : std::span(steps).subspan(i, count)) {
      if (step.began) {
        begin_alert(step, state, changed);
      } else {
        end_alert(step, *snapshot, state, changed);
      }
    }
    for (const auto& [id, alert] : changed) GRAPEVINE_RETURN_IF_ERROR(put_alert(store_, alert));
    const bool is_last = i + count == steps.size();
    if (is_last && newest_ != INT64_MIN) state.judged_until = std::max(newest_, judged_until_);
    GRAPEVINE_RETURN_IF_ERROR(put_alert_state(store_, state));
    judged_until_ = state.judged_until.value_or(INT64_MIN);
    GRAPEVINE_RETURN_IF_ERROR(drop_oldest());
  }
  state_noted_ = clock_();
  return absl::OkStatus();
}

void AlertKeeper::begin_alert(const BurstStep& step, AlertState& state, Changed& changed) {
  if (open_.contains(step.series)) return;
  AlertDocument alert;
  alert.id = ++state.last_change;
  alert.series = step.series;
  alert.ts = step.ts;
  alert.since = step.since;
  alert.count = step.count;
  alert.expected = step.expected;
  alert.score = step.score;
  open_[step.series] = alert.id;
  changed.emplace(alert.id, std::move(alert));
}

void AlertKeeper::end_alert(const BurstStep& step, const Snapshot& snapshot, AlertState& state,
                            Changed& changed) {
  const auto open = open_.find(step.series);
  if (open == open_.end()) return;
  const std::uint64_t id = open->second;
  open_.erase(open);
  const auto here = changed.find(id);
  std::optional<AlertDocument> alert =
      here != changed.end() ? std::optional(here->second) : find_alert(snapshot, id);
  if (!alert || alert->closed) return;
  alert->closed = AlertChange{++state.last_change, std::max(step.ts, alert->ts)};
  changed.insert_or_assign(id, *std::move(alert));
}

absl::Status AlertKeeper::drop_oldest() {
  const auto snapshot = store_.snapshot();
  const std::size_t count = count_alerts(*snapshot);
  if (count <= kAlertsMax) return absl::OkStatus();
  std::vector<AlertDocument> alerts = all_alerts(*snapshot);
  std::stable_partition(alerts.begin(), alerts.end(),
                        [](const AlertDocument& alert) { return alert.closed.has_value(); });
  for (std::size_t i = 0; i < count - kAlertsMax; ++i) {
    GRAPEVINE_RETURN_IF_ERROR(remove_alert(store_, alerts[i].id));
  }
  return absl::OkStatus();
}

void AlertKeeper::count_facts() {
  series_ = watch_.series();
  bursts_ = watch_.bursting();
  unwatched_ = watch_.unwatched();
}

AlertKeeper::Facts AlertKeeper::facts() const { return {series_, bursts_, mentions_, unwatched_}; }

}  // namespace grapevine
