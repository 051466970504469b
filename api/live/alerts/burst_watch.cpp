#include "api/live/alerts/burst_watch.hpp"

#include <algorithm>
#include <iterator>

namespace grapevine {
namespace {

constexpr std::int64_t kLateMs = BurstDetector::kDayMs;
constexpr AlertMood kMoodsAlone[] = {AlertMood::Negative, AlertMood::Positive};
constexpr std::pair<AlertSubject, std::uint32_t WatchedMention::*> kSubjects[] = {
    {AlertSubject::Brand, &WatchedMention::brand},
    {AlertSubject::Product, &WatchedMention::product},
    {AlertSubject::Topic, &WatchedMention::topic}};
constexpr std::int64_t kForgottenMs = 56 * BurstDetector::kDayMs;

}  // namespace

void BurstWatch::restart(const News& news) {
  detector_.reset();
  states_.clear();
  bursting_.clear();
  harms_.clear();
  history_.reset();
  newest_news_.clear();
  is_again_ = true;
  news_ = news;
}

void BurstWatch::settle() {
  is_again_ = false;
  newest_news_.clear();
}

std::optional<TimeMs> BurstWatch::judged_from() const {
  if (!detector_) return std::nullopt;
  return detector_->begin_of(begin_) + BurstDetector::kWarmUpMs;
}

void BurstWatch::count(const WatchedMention& mention, std::vector<BurstStep>& steps) {
  if (!detector_) {
    detector_.emplace(mention.ts);
    begin_ = detector_->bucket_of(mention.ts);
  }
  for (const auto& [about, number] : kSubjects) {
    const std::uint32_t subject = mention.*number;
    if (subject == WatchedNames::kNone) continue;
    if (mention.mood != AlertMood::All) {
      count({subject, mention.channel, about, mention.mood}, mention, steps);
    }
    count({subject, mention.channel, about, AlertMood::All}, mention, steps);
  }
}

void BurstWatch::count(const Key& key, const WatchedMention& mention,
                       std::vector<BurstStep>& steps) {
  const TimeMs ts = mention.ts;
  const std::int64_t bucket = detector_->bucket_of(ts);
  BurstState* state = state_of(key, bucket);
  if (state == nullptr) return;
  const std::int64_t late = kLateMs / detector_->bucket_ms();
  const bool is_known = state->bucket != BurstState::kNever;
  if (bucket < begin_ || (is_known && bucket < state->bucket - late)) {
    history_ = std::min(history_.value_or(ts), ts);
    return;
  }
  if (is_again_ && (mention.sequence >= news_.from || ts > news_.after)) {
    newest_news_[key] = ts;
  }
  if (state->burst && bucket > state->bucket) {
    const std::int64_t last = detector_->end_of_burst(*state, bucket - 1);
    if (last != BurstState::kNever) {
      state->burst = false;
      end(key, last, steps);
    }
  }
  const bool was_burst = state->burst;
  const bool began = detector_->add(*state, bucket, 1);
  if (mention.harm) note_harm(key, *state, bucket);
  if (was_burst && (!state->burst || began)) end(key, bucket, steps);
  if (!began) return;
  bursting_.insert(key);
  if (is_told_by_mood(key)) return;
  const BurstScore now = detector_->score(*state, state->bucket);
  BurstStep step;
  step.series = series_of(key);
  step.began = true;
  step.ts = ts;
  step.since = detector_->begin_of(state->since);
  step.is_news = is_news(key, step);
  step.score = now.score;
  step.count = state->since_count + state->count;
  step.harm = harm_since(key, state->since);
  step.expected = now.expected * static_cast<double>(state->bucket - state->since + 1);
  steps.push_back(std::move(step));
}

void BurstWatch::note_harm(const Key& key, const BurstState& state, std::int64_t bucket) {
  Harms& harms = harms_[key];
  const std::int64_t since = state.since == BurstState::kNever ? state.bucket : state.since;
  std::erase_if(harms, [&](const auto& of) { return of.first < since; });
  if (bucket < since) return;
  const auto at = std::lower_bound(harms.begin(), harms.end(), std::pair(bucket, std::uint64_t{0}));
  if (at != harms.end() && at->first == bucket) {
    ++at->second;
  } else {
    harms.insert(at, {bucket, 1});
  }
}

std::uint64_t BurstWatch::harm_since(const Key& key, std::int64_t since) const {
  const auto harms = harms_.find(key);
  if (harms == harms_.end()) return 0;
  std::uint64_t count = 0;
  for (const auto& [bucket, mentions] : harms->second) count += bucket >= since ? mentions : 0;
  return count;
}

bool BurstWatch::is_news(const Key& key, const BurstStep& step) const {
  if (!is_again_ || step.ts < news_.before) return true;
  const auto newest = newest_news_.find(key);
  return newest != newest_news_.end() && newest->second >= step.since - BurstDetector::kDayMs;
}

bool BurstWatch::is_told_by_mood(const Key& key) const {
  if (key.mood != AlertMood::All) return false;
  return std::any_of(std::begin(kMoodsAlone), std::end(kMoodsAlone), [&](AlertMood mood) {
    return bursting_.contains({key.subject, key.channel, key.about, mood});
  });
}

void BurstWatch::end(const Key& key, std::int64_t bucket, std::vector<BurstStep>& steps) {
  bursting_.erase(key);
  BurstStep step;
  step.series = series_of(key);
  step.ts = detector_->begin_of(bucket);
  steps.push_back(std::move(step));
}

void BurstWatch::end_bursts(TimeMs time, std::vector<BurstStep>& steps) {
  if (bursting_.empty()) return;
  const std::int64_t bucket = detector_->bucket_of(time) - 1;  // The last one that is whole.
  std::vector<std::pair<std::int64_t, Key>> ended;
  for (const Key& key : bursting_) {
    BurstState& state = states_.at(key);
    const std::int64_t last = detector_->end_of_burst(state, bucket);
    if (last != BurstState::kNever) ended.emplace_back(last, key);
  }
  std::sort(ended.begin(), ended.end());  // A set of hashes has no order of its own.
  for (const auto& [last, key] : ended) {
    states_.at(key).burst = false;
    end(key, last, steps);
  }
}

void BurstWatch::know_alarm(const AlertSeries& series, TimeMs ts) {
  if (!detector_) return;
  const std::int64_t bucket = detector_->bucket_of(ts);
  BurstState* state = state_of(key_of(series), bucket);
  if (state != nullptr) state->alarm = std::max(state->alarm, bucket);
}

bool BurstWatch::in_burst(const AlertSeries& series) { return bursting_.contains(key_of(series)); }

BurstWatch::Key BurstWatch::key_of(const AlertSeries& series) {
  return {names_.number_of(series.subject),
          series.channel ? names_.number_of(*series.channel) : WatchedNames::kNone, series.about,
          series.mood};
}

AlertSeries BurstWatch::series_of(const Key& key) const {
  AlertSeries series{key.about, names_.at(key.subject), std::nullopt, key.mood};
  if (key.channel != WatchedNames::kNone) series.channel = names_.at(key.channel);
  return series;
}

// nullptr: there is no room for one more.
BurstState* BurstWatch::state_of(const Key& key, std::int64_t bucket) {
  const auto found = states_.find(key);
  if (found != states_.end()) return &found->second;
  if (states_.size() >= kSeriesMax) {
    const std::int64_t forgotten = bucket - kForgottenMs / detector_->bucket_ms();
    absl::erase_if(states_, [&](const auto& entry) {
      return !entry.second.burst && entry.second.bucket < forgotten;
    });
    absl::erase_if(harms_, [&](const auto& entry) { return !states_.contains(entry.first); });
    if (states_.size() >= kSeriesMax) {
      ++unwatched_;
      return nullptr;
    }
  }
  return &states_[key];
}

}  // namespace grapevine
