#include "api/live/alerts/told_bursts.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace grapevine {
namespace {

// The element goes on under another key.
template <typename Value>
void rekey(std::map<AlertSeries, Value>& map, const AlertSeries& from, const AlertSeries& to) {
  auto node = map.extract(from);
  if (node.empty()) return;
  node.key() = to;
  map.insert(std::move(node));
}

}  // namespace

void ToldBursts::add(const AlertDocument& alert) {
  const std::optional<AlertSeries> other = alert.other_series();
  for (const AlertMood mood : {alert.opened_mood, alert.series.mood}) {
    AlertSeries series = alert.series;
    series.mood = mood;
    alarms_[series].push_back(alert.ts);
    if (!other) continue;
    series = *other;
    series.mood = mood;
    alarms_[series].push_back(alert.ts);
  }
  if (alert.closed) return;
  open_[alert.series] = {alert.ts, alert.figures()};
  if (other) own_of_other_[*other] = alert.series;
}

bool ToldBursts::is_told(const BurstStep& step) const {
  const auto times = alarms_.find(step.series);
  return times != alarms_.end() &&
         std::any_of(times->second.begin(), times->second.end(), [&](TimeMs ts) {
           return std::abs(ts - step.ts) <= BurstDetector::kBetweenAlarmsMs;
         });
}

void ToldBursts::begin(BurstStep step) {
  is_new_.erase(step.series);
  if (!step.is_news || is_told(step)) return;
  is_new_[step.series] = news_.size();
  news_.push_back(std::move(step));
}

void ToldBursts::join(const BurstStep& step) {
  const auto begun = is_new_.find(step.series);
  if (begun == is_new_.end()) return;
  std::string& other = news_[begun->second].other_subject;
  if (other.empty()) other = step.other_subject;
}

void ToldBursts::grow(BurstStep step) {
  AlertSeries now = step.series;
  now.mood = step.mood;
  if (const auto begun = is_new_.find(step.series); begun != is_new_.end()) {
    news_[begun->second].grown = AlertGrowth{{0, step.ts}, step.figures, step.mood};
    if (now != step.series) rekey(is_new_, step.series, now);
    return;
  }
  auto open = open_.find(step.series);
  const auto own = own_of_other_.find(step.series);
  if (open == open_.end() && own != own_of_other_.end()) {
    open = open_.find(own->second);
    now = step.series;
    step.mood = step.series.mood;
  }
  if (open == open_.end() || step.ts <= open->second.ts) return;
  const AlertFigures& before = open->second.figures;
  if (now == step.series && step.figures.count < 2 * before.count &&
      severity_of(now.mood, step.figures) <= severity_of(now.mood, before)) {
    return;
  }
  const AlertSeries series = step.series;
  const bool is_own = own == own_of_other_.end();
  if (open->second.grew && is_own) step.series = open->second.grew->series;  // As it is stored.
  open->second.grew = std::move(step);
  if (now != series) rekey(open_, series, now);
}

void ToldBursts::end(BurstStep step) {
  const auto begun = is_new_.find(step.series);
  if (begun != is_new_.end()) {  // It may be older than a burst of the series that is not over.
    BurstStep& beginning = news_[begun->second];
    beginning.grown = AlertGrowth{{0, step.ts}, step.figures, step.series.mood};
    beginning.ended = step.ts;
    is_new_.erase(begun);
    return;
  }
  const auto open = open_.find(step.series);
  if (open == open_.end() || step.ts <= open->second.ts) return;
  if (open->second.grew) news_.push_back(*std::move(open->second.grew));
  open_.erase(open);
  news_.push_back(std::move(step));
}

std::vector<BurstStep> ToldBursts::untold(std::vector<BurstStep> steps, BurstWatch& watch) && {
  for (BurstStep& step : steps) {
    switch (step.kind) {
      case BurstStep::Kind::Began: begin(std::move(step)); break;
      case BurstStep::Kind::Joined: join(step); break;
      case BurstStep::Kind::Grew: grow(std::move(step)); break;
      case BurstStep::Kind::Ended: end(std::move(step)); break;
    }
  }
  for (auto& [series, open] : open_) {
    if (open.grew) news_.push_back(*std::move(open.grew));
    if (watch.in_burst(series)) continue;
    BurstStep ended;  // Nothing of it was found again: its events were taken back, or are too old.
    ended.series = series;
    ended.ts = open.ts;
    ended.figures = open.figures;
    news_.push_back(std::move(ended));
  }
  return std::move(news_);
}

}  // namespace grapevine
