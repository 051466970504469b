#include "storage/message_ids.hpp"

#include <algorithm>

#include <xxhash.h>

namespace grapevine {
namespace {

constexpr std::size_t kCopiedTogether = 50'000;  // About a millisecond.
constexpr std::size_t kSetsMin = 8;              // Of so many one is forgotten when room is short.

}  // namespace

std::string scope_digest(std::string_view scope) {
  const XXH128_hash_t hash = XXH3_128bits(scope.data(), scope.size());
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, hash);
  return {reinterpret_cast<const char*>(bytes.digest), sizeof(bytes.digest)};
}

bool MessageIds::insert(std::string_view scope, std::string_view message_id, TimeMs received) {
  // The scope's hash is the seed of the message's: no text of two parts can be taken for another
  // two.
  const std::uint64_t seed = XXH3_64bits(scope.data(), scope.size());
  const XXH128_hash_t hash = XXH3_128bits_withSeed(message_id.data(), message_id.size(), seed);
  const Hash key{hash.low64, static_cast<std::uint32_t>(hash.high64 & 0xFF'FFFF)};
  const TimeMs day = received / kDay;
  while (!sets_.empty() && sets_.front().day < day - kDays) sets_.pop_front();
  for (const Set& set : sets_) {
    if (set.shards[key.shard()].contains(key.fingerprint())) return false;
  }
  remember(key, day);
  return true;
}

void MessageIds::remember(const Hash& hash, TimeMs day) {
  Set& set = set_of(day);
  FingerprintSet& shard = set.shards[hash.shard()];
  const std::size_t before = shard.bytes();
  if (!shard.insert(hash.fingerprint())) return;
  ++set.size;
  set.bytes += shard.bytes() - before;
  if (shard.bytes() == before) return;
  while (sets_.size() > 1 && bytes() > bytes_max_) {
    forgotten_early_ += sets_.front().size;
    sets_.pop_front();
  }
}

// The last set of that day that has room; where there is none, a new one behind it.
MessageIds::Set& MessageIds::set_of(TimeMs day) {
  const auto after =
      std::upper_bound(sets_.begin(), sets_.end(), day,
                       [](TimeMs wanted, const Set& set) { return wanted < set.day; });
  const auto last = after == sets_.begin() ? sets_.end() : after - 1;
  if (last != sets_.end() && last->day == day && last->bytes < bytes_max_ / kSetsMin) return *last;
  return *sets_.insert(after, Set{day, {}});
}

std::vector<MessageIds::OfDay> MessageIds::copy(std::size_t& shard) const {
  std::vector<OfDay> days;
  for (std::size_t hashes = 0; shard < kShards && hashes < kCopiedTogether; ++shard) {
    for (const Set& set : sets_) {
      const FingerprintSet& kept = set.shards[shard];
      if (kept.size() == 0) continue;
      OfDay& copied = days.emplace_back();
      copied.day = set.day;
      copied.hashes.reserve(2 * kept.size());
      kept.for_each([&](Fingerprint fingerprint) {
        copied.hashes.push_back(fingerprint.low);
        copied.hashes.push_back(std::uint64_t{fingerprint.high} * kShards + shard);
      });
      hashes += kept.size();
    }
  }
  return days;
}

void MessageIds::add(const std::vector<OfDay>& days) {
  for (const OfDay& copied : days) {
    for (std::size_t i = 0; i + 1 < copied.hashes.size(); i += 2) {
      remember({copied.hashes[i], static_cast<std::uint32_t>(copied.hashes[i + 1] & 0xFF'FFFF)},
               copied.day);
    }
  }
}

std::size_t MessageIds::size() const {
  std::size_t count = 0;
  for (const Set& set : sets_) count += set.size;
  return count;
}

std::size_t MessageIds::bytes() const {
  std::size_t bytes = sets_.size() * sizeof(Set);
  for (const Set& set : sets_) bytes += set.bytes;
  return bytes;
}

}  // namespace grapevine
