#include "storage/message_ids.hpp"

#include <algorithm>

#include <xxhash.h>

namespace grapevine {
namespace {

constexpr std::size_t kCopiedTogether = 50'000;  // About a millisecond.

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
  const Hash128 key{hash.low64, hash.high64};
  const TimeMs day = received / kDay;
  while (!days_.empty() && days_.front().day < day - kDays) days_.pop_front();
  for (const Day& kept : days_) {
    if (kept.messages[shard_of(key)].contains(key)) return false;
  }
  this->day(day).messages[shard_of(key)].insert(key);
  return true;
}

MessageIds::Day& MessageIds::day(TimeMs day) {
  auto place = std::find_if(days_.begin(), days_.end(), [&](const Day& d) { return d.day >= day; });
  if (place == days_.end() || place->day != day) place = days_.insert(place, {day, {}});
  return *place;
}

std::vector<MessageIds::OfDay> MessageIds::copy(std::size_t& shard) const {
  std::vector<OfDay> days;
  for (std::size_t hashes = 0; shard < kShards && hashes < kCopiedTogether; ++shard) {
    for (const Day& kept : days_) {
      if (kept.messages[shard].empty()) continue;
      OfDay& copied = days.emplace_back();
      copied.day = kept.day;
      copied.hashes.reserve(2 * kept.messages[shard].size());
      for (const Hash128& hash : kept.messages[shard]) {
        copied.hashes.push_back(hash.low);
        copied.hashes.push_back(hash.high);
      }
      hashes += kept.messages[shard].size();
    }
  }
  return days;
}

void MessageIds::add(const std::vector<OfDay>& days) {
  for (const OfDay& copied : days) {
    Day& kept = day(copied.day);
    for (std::size_t i = 0; i + 1 < copied.hashes.size(); i += 2) {
      const Hash128 hash{copied.hashes[i], copied.hashes[i + 1]};
      kept.messages[shard_of(hash)].insert(hash);
    }
  }
}

std::size_t MessageIds::size() const {
  std::size_t count = 0;
  for (const Day& day : days_) {
    for (const auto& shard : day.messages) count += shard.size();
  }
  return count;
}

}  // namespace grapevine
