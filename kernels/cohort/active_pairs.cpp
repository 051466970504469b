#include "kernels/cohort/active_pairs.hpp"

#include <algorithm>

namespace grapevine {
namespace {

// Others than the largest source are few where they are no more than one of so many pairs.
constexpr std::size_t kFewOthers = 8;
// Customers whose bits are kept at a time: few enough for a second-level cache.
constexpr std::size_t kCustomersTogether = 8192;

}  // namespace

std::uint32_t* ActivePairs::room(std::size_t count) {
  const std::size_t room = size_ + count + kPairRoom;
  if (pairs_.size() < room) pairs_.resize(2 * room);
  return pairs_.data() + size_;
}

void ActivePairs::count(std::span<std::uint64_t> people) {
  if (places_.empty()) return;
  places_.push_back(size_);  // The last source's end.
  std::size_t largest = 0;
  for (std::size_t source = 1; source + 1 < places_.size(); ++source) {
    if (size_of(source) > size_of(largest)) largest = source;
  }
  const std::size_t others = size_ - size_of(largest);
  counts_.fill(0);
  if (others * kFewOthers <= size_) {
    count_with_few_others(largest);
  } else {
    count_all();
  }
  for (std::size_t i = 0; i < people.size(); ++i) people[i] += counts_[i];
  places_.clear();
  size_ = 0;
}

// Counts the largest source as it is, and those of the others that are not in it.
void ActivePairs::count_with_few_others(std::size_t largest) {
  const std::span<const std::uint32_t> all = std::span(pairs_).first(size_);
  const auto run = all.subspan(places_[largest], size_of(largest));
  for (const std::uint32_t pair : run) ++counts_[pair % kBucketRoom];
  others_.assign(all.begin(), run.begin());
  others_.insert(others_.end(), run.end(), all.end());
  std::sort(others_.begin(), others_.end());
  others_.erase(std::unique(others_.begin(), others_.end()), others_.end());
  auto place = run.begin();
  for (const std::uint32_t pair : others_) {
    std::ptrdiff_t step = 1;  // It is looked for nearby first.
    while (run.end() - place > step && place[step] < pair) {
      place += step;
      step *= 2;
    }
    place = std::lower_bound(place, place + std::min(step + 1, run.end() - place), pair);
    if (place == run.end() || *place != pair) ++counts_[pair % kBucketRoom];
  }
}

// Counts all sources together, some customers at a time.
void ActivePairs::count_all() {
  seen_.resize(kCustomersTogether * kBucketRoom / 64);
  ends_.assign(places_.begin() + 1, places_.end());
  for (std::size_t first = 0; first < kCustomersPerBlock; first += kCustomersTogether) {
    count_below(static_cast<std::uint32_t>(first + kCustomersTogether) * kBucketRoom);
  }
}

// Counts the pairs below `limit` that were not counted yet. Only words that have a bit need be cleared,
// which are few.
void ActivePairs::count_below(std::uint32_t limit) {
  const std::uint32_t mask = kCustomersTogether * kBucketRoom - 1;
  std::uint64_t* const people = counts_.data();
  std::uint64_t* const seen = seen_.data();
  const std::uint32_t* const pairs = pairs_.data();
  touched_.clear();
  for (std::size_t source = 0; source < ends_.size(); ++source) {
    const std::size_t begin = places_[source], end = ends_[source];
    std::size_t i = begin;
    for (; i < end && pairs[i] < limit; ++i) {
      const std::uint32_t pair = pairs[i];
      const std::uint64_t bit = std::uint64_t{1} << (pair % 64);
      std::uint64_t& word = seen[(pair & mask) / 64];
      const std::uint64_t before = word;
      word = before | bit;
      people[pair % kBucketRoom] += (before & bit) == 0 ? 1 : 0;
    }
    if (i == begin) continue;
    touched_.push_back({begin, i});
    places_[source] = i;
  }
  for (const auto& [begin, end] : touched_) {
    for (std::size_t i = begin; i < end; ++i) seen[(pairs[i] & mask) / 64] = 0;
  }
}

}  // namespace grapevine
