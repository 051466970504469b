#include "api/execute/membership_history.hpp"

#include <algorithm>

namespace grapevine {
namespace {

// Counts changes into buckets, and how many came and went behind the last one.
class Counting {
 public:
  explicit Counting(std::span<const TimeMs> bounds)
      : bounds_(bounds), buckets_(bounds.size() - 1) {}

  void add(TimeMs ts, std::uint64_t entered, std::uint64_t left) {
    if (ts >= bounds_.back()) {
      grown_behind_ += static_cast<std::int64_t>(entered) - static_cast<std::int64_t>(left);
      return;
    }
    if (ts < bounds_.front()) return;
    const auto beyond = std::upper_bound(bounds_.begin(), bounds_.end(), ts);
    HistoryBucket& bucket = buckets_[static_cast<std::size_t>(beyond - bounds_.begin()) - 1];
    bucket.entered += entered;
    bucket.left += left;
  }

  // Sizes follow from the one that is known, back in time.
  std::vector<HistoryBucket> finish(const MembershipStream& stream) {
    std::int64_t size = static_cast<std::int64_t>(stream.size) - grown_behind_;
    for (std::size_t i = buckets_.size(); i-- > 0;) {
      HistoryBucket& bucket = buckets_[i];
      bucket.from = bounds_[i];
      bucket.to = bounds_[i + 1];
      if (bucket.to > stream.began)
        bucket.size = static_cast<std::uint64_t>(std::max<std::int64_t>(size, 0));
      size -= static_cast<std::int64_t>(bucket.entered) - static_cast<std::int64_t>(bucket.left);
    }
    return std::move(buckets_);
  }

 private:
  std::span<const TimeMs> bounds_;
  std::vector<HistoryBucket> buckets_;
  std::int64_t grown_behind_ = 0;
};

}  // namespace

std::vector<HistoryBucket> membership_history(const MembershipStream& stream,
                                              std::span<const TimeMs> bounds) {
  Counting counting(bounds);
  for (const MembershipCount& count : *stream.folded) {
    counting.add(count.begin, count.entered, count.left);
  }
  for (std::uint64_t at = stream.first; at < stream.end; ++at) {
    const MembershipChange& change = stream.at(at);
    counting.add(change.ts, change.entered ? 1 : 0, change.entered ? 0 : 1);
  }
  return counting.finish(stream);
}

}  // namespace grapevine
