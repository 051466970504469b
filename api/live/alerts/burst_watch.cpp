#include "api/live/alerts/burst_watch.hpp"

#include <algorithm>
#include <iterator>

namespace grapevine {
namespace {

constexpr std::int64_t kLateMs = BurstDetector::kDayMs;
constexpr AlertMood kMoods[] = {AlertMood::All, AlertMood::Negative, AlertMood::Positive};
constexpr AlertMood kMoodsAlone[] = {AlertMood::Negative, AlertMood::Positive};
// What a mention makes a burst of at once is told of the product, which says more than its brand.
constexpr std::pair<AlertSubject, std::uint32_t WatchedMention::*> kSubjects[] = {
    {AlertSubject::Product, &WatchedMention::product},
    {AlertSubject::Brand, &WatchedMention::brand},
    {AlertSubject::Topic, &WatchedMention::topic}};
constexpr std::int64_t kForgottenMs = 56 * BurstDetector::kDayMs;

}  // namespace

void BurstWatch::restart(const News& news) {
  detector_.reset();
  states_.clear();
  bursting_.clear();
  by_beside_.clear();
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
  if (!state->burst) return;
  grow(key, mention, *state, steps);
}

// Of a burst that begins or goes on.
void BurstWatch::grow(const Key& key, const WatchedMention& mention, const BurstState& state,
                      std::vector<BurstStep>& steps) {
  const auto [found, began] = bursting_.try_emplace(key);
  Burst& burst = found->second;
  const BurstScore now = detector_->score(state, state.bucket);
  AlertFigures& figures = burst.figures;
  figures.count = state.since_count + state.count;
  if (began) burst.usual = now.expected;
  figures.expected = burst.usual * static_cast<double>(state.bucket - state.since + 1);
  figures.score = std::max(figures.score, now.score);
  if (began) {
    figures.harm = harm_since(key, state.since);
    if (key.about == AlertSubject::Brand) burst.beside = mention.product;
    if (key.about == AlertSubject::Product) burst.beside = mention.brand;
    if (burst.beside != WatchedNames::kNone) by_beside_.emplace(beside(key, burst), key);
  } else if (mention.harm) {
    ++figures.harm;
  }
  const AlertSeverity severity = severity_of(key.mood, figures);
  if (!began && figures.count < 2 * burst.noted && severity <= burst.severity) return;
  burst.noted = figures.count;
  burst.severity = severity;
  if (!burst.is_told) return tell(key, mention, state, steps);
  BurstStep step;
  step.series = series_of(key);
  step.kind = BurstStep::Kind::Grew;
  step.ts = mention.ts;
  step.figures = figures;
  step.mood = key.mood;
  steps.push_back(std::move(step));
}

// Of a burst that was not told yet, though others may have been that the same mentions make.
void BurstWatch::tell(const Key& key, const WatchedMention& mention, const BurstState& state,
                      std::vector<BurstStep>& steps) {
  if (is_told_by_mood(key)) return;
  Burst& burst = bursting_.at(key);
  BurstStep step;
  step.ts = mention.ts;
  step.figures = burst.figures;
  Key whole = key;
  whole.mood = AlertMood::All;
  if (key.mood != AlertMood::All && is_same(whole, burst.figures.count)) {
    step.series = series_of(whole);
    step.kind = BurstStep::Kind::Grew;
    step.mood = key.mood;
    bursting_.at(whole).is_told = false;
    burst.is_told = true;
  } else if (const auto other = told_elsewhere(key, burst.figures.count)) {
    step.series = series_of(*other);
    step.kind = BurstStep::Kind::Joined;
    step.other_subject = names_.at(key.subject);
  } else {
    step.series = series_of(key);
    step.kind = BurstStep::Kind::Began;
    step.since = detector_->begin_of(state.since);
    step.is_news = is_news(key, step);
    burst.is_told = true;
  }
  steps.push_back(std::move(step));
}

// Whether that is a burst that was told, of no more than twice or less than half so many mentions.
bool BurstWatch::is_same(const Key& key, std::uint64_t count) const {
  const auto found = bursting_.find(key);
  if (found == bursting_.end() || !found->second.is_told) return false;
  const std::uint64_t other = found->second.figures.count;
  return 2 * std::min(count, other) >= std::max(count, other);
}

// Of a product's burst the one of its brand that is the same, and the other way round.
std::optional<BurstWatch::Key> BurstWatch::told_elsewhere(const Key& key,
                                                          std::uint64_t count) const {
  if (key.about == AlertSubject::Topic) return std::nullopt;
  const Burst& burst = bursting_.at(key);
  std::optional<Key> first;
  const auto is_first = [&](const Key& other) {
    if (!is_same(other, count)) return false;
    if (!first || other < *first) first = other;
    return true;
  };
  for (const AlertMood mood : kMoods) {
    if (key.mood != AlertMood::All && key.mood != mood) continue;
    Key self = key;
    self.mood = mood;
    if (burst.beside != WatchedNames::kNone) is_first(beside(self, burst));
    for (auto at = by_beside_.lower_bound({self, Key()});
         at != by_beside_.end() && at->first == self && !is_first(at->second); ++at) {
    }
  }
  return first;
}

// The series of the brand beside a product, and the other way round.
BurstWatch::Key BurstWatch::beside(const Key& key, const Burst& burst) {
  const bool is_brand = key.about == AlertSubject::Brand;
  return {burst.beside, key.channel, is_brand ? AlertSubject::Product : AlertSubject::Brand,
          key.mood};
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
  BurstStep step;
  step.series = series_of(key);
  step.ts = detector_->begin_of(bucket);
  const auto burst = bursting_.find(key);
  if (burst != bursting_.end()) {
    step.figures = burst->second.figures;
    by_beside_.erase({beside(key, burst->second), key});
    bursting_.erase(burst);
  }
  steps.push_back(std::move(step));
}

void BurstWatch::end_bursts(TimeMs time, std::vector<BurstStep>& steps) {
  if (bursting_.empty()) return;
  const std::int64_t bucket = detector_->bucket_of(time) - 1;  // The last one that is whole.
  std::vector<std::pair<std::int64_t, Key>> ended;
  for (const auto& [key, burst] : bursting_) {
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
