#include "kernels/listen/burst_detector.hpp"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

std::int64_t divide_down(std::int64_t a, std::int64_t b) {
  const std::int64_t whole = a / b;
  return whole - static_cast<std::int64_t>(a % b < 0);
}

}  // namespace

BurstDetector::BurstDetector(TimeMs begin, std::int64_t bucket_ms)
    : bucket_ms_(bucket_ms),
      begin_(divide_down(begin, bucket_ms)),
      level_rate_(static_cast<double>(bucket_ms) / static_cast<double>(kLevelHalfLifeMs)),
      mean_rate_(static_cast<double>(bucket_ms) / static_cast<double>(kMeanHalfLifeMs)),
      warm_up_(divide_up(kWarmUpMs, bucket_ms)),
      between_alarms_(divide_up(kBetweenAlarmsMs, bucket_ms)) {
  level_keeps_ = std::exp2(-level_rate_);
  weight_ = 1.0 - level_keeps_;
  mean_keeps_ = std::exp2(-mean_rate_);
}

std::int64_t BurstDetector::bucket_of(TimeMs ts) const { return divide_down(ts, bucket_ms_); }

// Closes the open bucket and all empty ones before `bucket`. After the open one, with the level l,
// the j-th empty bucket has the level l r^j, and n of them leave q^n of the sums: so they add
// (1 - q) l sum_j q^(n - j) r^j, and the same of l^2 and r^2.
void BurstDetector::close(BurstState& state, std::int64_t bucket) const {
  const double added = 1.0 - mean_keeps_;
  state.level += weight_ * (static_cast<double>(state.count) - state.level);
  state.mean = mean_keeps_ * state.mean + added * state.level;
  state.square = mean_keeps_ * state.square + added * state.level * state.level;
  if (state.since != BurstState::kNever) state.since_count += state.count;
  state.count = 0;
  const std::int64_t empty = bucket - state.bucket - 1;
  state.bucket = bucket;
  if (empty == 0) return;
  const auto n = static_cast<double>(empty);
  const double r = level_keeps_, q = mean_keeps_;
  const double rn = std::exp2(-level_rate_ * n), qn = std::exp2(-mean_rate_ * n);
  state.mean = qn * state.mean + added * state.level * r * (qn - rn) / (q - r);
  state.square =
      qn * state.square + added * state.level * state.level * r * r * (qn - rn * rn) / (q - r * r);
  state.level *= rn;
}

// The sums hold the weight of all buckets since the beginning, 1 - q^n of n.
BurstScore BurstDetector::judge(const BurstState& state, double level) const {
  BurstScore found{level, 0.0, 0.0};
  const std::int64_t buckets = state.bucket - begin_;
  if (buckets <= 0) return found;
  const double weight = 1.0 - std::exp2(-mean_rate_ * static_cast<double>(buckets));
  found.expected = state.mean / weight;
  const double poisson = weight_ / (2.0 - weight_) * std::max(found.expected, kMeanMin);
  const double variance = state.square / weight - found.expected * found.expected;
  found.score = (level - found.expected) / std::sqrt(std::max(variance, poisson));
  return found;
}

bool BurstDetector::add(BurstState& state, std::int64_t bucket, std::uint64_t count) const {
  if (state.bucket == BurstState::kNever) state.bucket = std::max(bucket, begin_);
  if (bucket < state.bucket) {
    const auto late = static_cast<double>(state.bucket - 1 - bucket);
    state.level += weight_ * static_cast<double>(count) * std::exp2(-level_rate_ * late);
    if (state.since != BurstState::kNever && bucket >= state.since) state.since_count += count;
  } else if (bucket > state.bucket) {
    close(state, bucket);
    if (judge(state, state.level).score <= kCalm) {
      state.since = BurstState::kNever;
      state.since_count = 0;
      state.burst = false;
    }
    state.count = count;
  } else {
    state.count += count;
  }
  const double level = state.level + weight_ * (static_cast<double>(state.count) - state.level);
  const BurstScore now = judge(state, level);
  if (now.score > kCalm && state.since == BurstState::kNever) state.since = state.bucket;
  if (now.score <= kAlarm || state.burst || state.bucket - begin_ < warm_up_) return false;
  if (state.alarm != BurstState::kNever && state.bucket - state.alarm <= between_alarms_)
    return false;
  state.alarm = state.bucket;
  state.burst = true;
  return true;
}

BurstScore BurstDetector::score(const BurstState& state, std::int64_t bucket) const {
  if (state.bucket == BurstState::kNever) return {};
  BurstState later = state;
  if (bucket > state.bucket) close(later, bucket);
  return judge(later, later.level + weight_ * (static_cast<double>(later.count) - later.level));
}

std::int64_t BurstDetector::end_of_burst(const BurstState& state, std::int64_t bucket) const {
  // The score falls from bucket to bucket while nothing comes.
  if (bucket < state.bucket || score(state, bucket).score > kCalm) return BurstState::kNever;
  std::int64_t first = state.bucket, last = bucket;
  while (first < last) {
    const std::int64_t middle = first + (last - first) / 2;
    if (score(state, middle).score <= kCalm) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return first;
}

}  // namespace grapevine
