#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_set.h>

#include "storage/ids.hpp"

namespace grapevine {

/// What the log keeps of a write key or an import id: 16 bytes of its hash, not the key.
std::string scope_digest(std::string_view scope);

/// Which messages were stored within the last days, so that each is stored once. It keeps a hash of
/// 128 bits for each (2^-128 a pair that two are taken for one), in a set for each day of receipt.
/// Not thread-safe. Cost: a look-up in each day's set; 17 to 39 bytes a message.
class MessageIds {
 public:
  static constexpr TimeMs kDay = 86'400'000;
  static constexpr int kDays = 7;

  /// Whether the message is new, and if so, remembers it. Days older than kDays are forgotten on
  /// the way.
  bool insert(std::string_view scope, std::string_view message_id, TimeMs received);

  [[nodiscard]] std::size_t size() const;

  /// Hashes that were remembered on one day, or some of them.
  struct OfDay {
    TimeMs day = 0;
    std::vector<std::uint64_t> hashes;  ///< Low and high halves in turn.
  };
  static constexpr std::size_t kShards = 256;
  /// Copies what is remembered in pieces, so that each takes some milliseconds at most: whole
  /// shards from `shard` on, which is set to the one to go on with; kShards: none is left.
  std::vector<OfDay> copy(std::size_t& shard) const;
  void add(const std::vector<OfDay>& days);

 private:
  struct Hash128 {
    std::uint64_t low;
    std::uint64_t high;
    bool operator==(const Hash128&) const = default;
    template <typename H>
    friend H AbslHashValue(H state, const Hash128& hash) {
      return H::combine(std::move(state), hash.low);
    }
  };
  struct Day {
    TimeMs day;
    std::array<absl::flat_hash_set<Hash128>, kShards> messages;
  };
  static std::size_t shard_of(const Hash128& hash) { return hash.high % kShards; }
  Day& day(TimeMs day);

  std::deque<Day> days_;  // Oldest first.
};

}  // namespace grapevine
