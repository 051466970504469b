#include "storage/message_ids.hpp"

#include <algorithm>

#include <xxhash.h>

namespace grapevine {

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
    if (kept.messages.contains(key)) return false;
  }
  auto place = std::find_if(days_.begin(), days_.end(), [&](const Day& d) { return d.day >= day; });
  if (place == days_.end() || place->day != day) place = days_.insert(place, {day, {}});
  place->messages.insert(key);
  return true;
}

std::size_t MessageIds::size() const {
  std::size_t count = 0;
  for (const Day& day : days_) count += day.messages.size();
  return count;
}

}  // namespace grapevine
