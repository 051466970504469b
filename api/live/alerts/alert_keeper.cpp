#include "api/live/alerts/alert_keeper.hpp"

#include <algorithm>
#include <limits>
#include <thread>
#include <tuple>
#include <utility>

#include "api/live/alerts/told_bursts.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kWeekMs = 7 * BurstDetector::kDayMs;
constexpr TimeMs kEver = std::numeric_limits<TimeMs>::max();

bool is_later(const WatchedMention& a, const WatchedMention& b) {
  return std::tie(a.ts, a.sequence) > std::tie(b.ts, b.sequence);
}

TimeMs oldest_event(const Snapshot& snapshot) {
  TimeMs oldest = std::numeric_limits<TimeMs>::max();
  for (const auto& part : snapshot.parts()) oldest = std::min(oldest, part->first);
  return oldest;
}

// Of those whose time has come.
TimeMs newest_event(const Snapshot& snapshot, TimeMs now) {
  return snapshot.rows() == 0 ? now : std::min(now, snapshot.newest_event());
}

}  // namespace

void AlertKeeper::run(const Stop& stop) {
  while (!stop.requested()) {
    const bool failed = !advance(stop).ok();
    if (stop.requested()) return;
    std::this_thread::sleep_for(failed ? 10 * kRound : kRound);
  }
}

absl::Status AlertKeeper::advance(const Stop& stop) {
  Round round{store_.snapshot(), clock_(), stop};
  topics_.look(*round.snapshot);
  if (!begun_ && !topics_.are_known()) return absl::OkStatus();
  absl::Status status = look(round);
  count_facts();
  const bool is_due = round.is_due || is_note_due(round.now);
  if (status.ok() && (!round.steps.empty() || is_due)) status = note(round.steps);
  if (!status.ok()) begun_ = false;
  return status;
}

// Whether others are to be counted, or passed over, than were when everything was counted.
bool AlertKeeper::counts_others() const { return topics_.are_others() || voices_.are_others(); }

absl::Status AlertKeeper::look(Round& round) {
  GRAPEVINE_RETURN_IF_ERROR(voices_.look(*round.snapshot, round.stop));
  if (!begun_) {
    GRAPEVINE_RETURN_IF_ERROR(begin(round));
  } else if (round.snapshot->number() != snapshot_ || !later_.empty() || history_ ||
             counts_others()) {
    GRAPEVINE_RETURN_IF_ERROR(count_new(round));
    GRAPEVINE_RETURN_IF_ERROR(count_where_others(round));
  }
  snapshot_ = round.snapshot->number();
  judged_from_ = std::min(judged_from_, watch_.judged_from().value_or(judged_from_));
  // While mentions come, an import of the past too, time is theirs.
  const bool is_idle = round.now - newest_came_ >= kIdleMs;
  watch_.end_bursts(is_idle ? round.now : std::min(round.now, newest_), round.steps);
  return absl::OkStatus();
}

// How far bursts were told is noted with what is told. Where nothing is, that would move the number
// of the snapshot for little: a day is counted again after a crash, and no more.
bool AlertKeeper::is_note_due(TimeMs now) const {
  if (!begun_ || newest_ == INT64_MIN || now - state_noted_ < kNoteMs) return false;
  return judged_until_ == INT64_MIN || newest_ - judged_until_ >= BurstDetector::kDayMs;
}

absl::Status AlertKeeper::begin(Round& round) {
  const Snapshot& snapshot = *round.snapshot;
  new_.restart();
  topics_.adopt();
  voices_.adopt();
  history_.reset();
  GRAPEVINE_ASSIGN_OR_RETURN(later_, new_.take(snapshot, topics_, round.stop, round.now + 1));
  std::make_heap(later_.begin(), later_.end(), is_later);
  const AlertState told = read_alert_state(snapshot);
  judged_until_ = told.judged_until.value_or(INT64_MIN);
  judged_from_ = told.judged_from.value_or(INT64_MAX);
  const TimeMs newest = newest_event(snapshot, round.now);
  const TimeMs oldest = newest - kBacklogMs;
  const TimeMs from = told.judged_until
                          ? std::max(std::min(newest, *told.judged_until) - kHorizonMs, oldest)
                          : oldest;
  GRAPEVINE_RETURN_IF_ERROR(count_anew(round, from, {told.counted, judged_until_, judged_from_}));
  counted_ = new_.next();
  begun_ = true;
  state_noted_ = round.now;
  return absl::OkStatus();
}

// Counts what came, in the order of time. What is of the future waits until its time comes.
absl::Status AlertKeeper::count_new(Round& round) {
  if (topics_.are_others()) topics_.drop_gone();
  std::vector<WatchedMention> mentions;
  if (round.snapshot->number() != snapshot_) {
    GRAPEVINE_ASSIGN_OR_RETURN(mentions, new_.take(*round.snapshot, topics_, round.stop));
  }
  const auto future =
      std::find_if(mentions.begin(), mentions.end(),
                   [&](const WatchedMention& mention) { return mention.ts > round.now; });
  for (auto at = future; at != mentions.end(); ++at) {
    later_.push_back(*at);
    std::push_heap(later_.begin(), later_.end(), is_later);
  }
  mentions.erase(future, mentions.end());
  const auto came = static_cast<std::ptrdiff_t>(mentions.size());
  while (!later_.empty() && later_.front().ts <= round.now) {
    mentions.push_back(later_.front());
    std::pop_heap(later_.begin(), later_.end(), is_later);
    later_.pop_back();
  }
  std::inplace_merge(mentions.begin(), mentions.begin() + came, mentions.end(),
                     [](const auto& a, const auto& b) { return is_later(b, a); });
  for (const WatchedMention& mention : mentions) watch_.count(mention, round.steps);
  mentions_ += mentions.size();
  if (!mentions.empty()) {
    newest_ = std::max(newest_, mentions.back().ts);
    newest_came_ = round.now;
  }
  return absl::OkStatus();
}

// Counts anew where history came, once no more of it does, and where topics or the company's voices
// are others than before: in a round that has nothing to tell yet, because what is told has to be known for that.
// It takes a twentieth of the time at most.
absl::Status AlertKeeper::count_where_others(Round& round) {
  const std::optional<TimeMs> older = watch_.take_history();
  if (older) history_ = std::min(history_.value_or(*older), *older);
  const auto begun = std::chrono::steady_clock::now();
  const bool may_begin = begun >= may_count_anew_ && round.steps.empty();
  if (may_begin && (history_ ? !older : counts_others())) {
    const TimeMs newest = newest_event(*round.snapshot, round.now);
    if (history_) {
      GRAPEVINE_RETURN_IF_ERROR(
          count_anew(round, newest - kHorizonMs, {counted_, newest, judged_from_}));
      history_.reset();
    } else {
      topics_.adopt();
      voices_.adopt();
      GRAPEVINE_ASSIGN_OR_RETURN(
          later_, new_.seen(*round.snapshot, topics_, round.stop, round.now + 1, kEver));
      std::make_heap(later_.begin(), later_.end(), is_later);
      GRAPEVINE_RETURN_IF_ERROR(
          count_anew(round, newest - kHorizonMs, {new_.next(), newest, INT64_MIN}));
      round.is_due = newest_ != INT64_MIN;  // A start would tell what is counted only now.
    }
    const auto ended = std::chrono::steady_clock::now();
    may_count_anew_ = ended + 20 * (ended - begun);
  }
  if (!history_) counted_ = new_.next();
  return absl::OkStatus();
}

absl::Status AlertKeeper::count_anew(Round& round, TimeMs from_time, const BurstWatch::News& news) {
  const Snapshot& snapshot = *round.snapshot;
  watch_.restart(news);
  std::vector<BurstStep> found;
  if (snapshot.rows() > 0) {
    const TimeMs newest = newest_event(snapshot, round.now);
    const TimeMs oldest = std::max(oldest_event(snapshot), from_time);
    for (TimeMs from = oldest; from <= newest; from += kWeekMs) {
      const TimeMs to = std::min(from + kWeekMs, newest + 1);
      GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<WatchedMention> mentions,
                                 new_.seen(snapshot, topics_, round.stop, from, to));
      for (const WatchedMention& mention : mentions) watch_.count(mention, found);
      if (!mentions.empty()) newest_ = std::max(newest_, mentions.back().ts);
      mentions_ += mentions.size();
    }
    static_cast<void>(watch_.take_history());
  }
  watch_.settle();
  match_told(snapshot, found);
  round.steps.insert(round.steps.end(), std::make_move_iterator(found.begin()),
                     std::make_move_iterator(found.end()));
  return absl::OkStatus();
}

// Leaves, of what was found again, what nobody was told yet; and ends alerts whose bursts are over.
void AlertKeeper::match_told(const Snapshot& snapshot, std::vector<BurstStep>& steps) {
  open_.clear();
  ToldBursts told;
  for (const AlertDocument& alert : all_alerts(snapshot)) {
    told.add(alert);
    watch_.know_alarm(alert.series, alert.ts);
    if (alert.closed) continue;
    open_[alert.series] = alert.id;
    if (const auto other = alert.other_series()) open_.try_emplace(*other, alert.id);
  }
  steps = std::move(told).untold(std::move(steps), watch_);
}

void AlertKeeper::count_facts() {
  series_ = watch_.series();
  bursts_ = watch_.bursting();
  unwatched_ = watch_.unwatched();
  is_behind_ = !begun_ || history_ || counts_others();
}

AlertKeeper::Facts AlertKeeper::facts() const {
  return {series_, bursts_, mentions_, unwatched_, is_behind_};
}

}  // namespace grapevine
