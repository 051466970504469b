#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "storage/fingerprint_set.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What the log keeps of a write key or an import id: 16 bytes of its hash, not the key.
std::string scope_digest(std::string_view scope);

/// Which messages were stored within the last days, so that each is stored once. It keeps 88 bits
/// of a hash for each, in sets for each day of receipt: two messages are taken for one with a
/// chance of 2^-88 a pair, so among a billion in a week one is lost with a chance of 1 in 600
/// million. Not thread-safe. Cost: a look-up in each set; 11.1 to 12.5 bytes a message.
class MessageIds {
 public:
  static constexpr TimeMs kDay = 86'400'000;
  static constexpr int kDays = 7;

  /// `bytes_max`: beyond it the oldest are forgotten before their time; see forgotten_early().
  explicit MessageIds(std::size_t bytes_max = SIZE_MAX) : bytes_max_(bytes_max) {}

  /// Whether the message is new, and if so, remembers it. Days older than kDays are forgotten on
  /// the way.
  bool insert(std::string_view scope, std::string_view message_id, TimeMs received);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t bytes() const;
  /// Messages that were forgotten because there were too many.
  [[nodiscard]] std::size_t forgotten_early() const { return forgotten_early_; }

  /// Hashes that were remembered on one day, or some of them.
  struct OfDay {
    TimeMs day = 0;
    std::vector<std::uint64_t> hashes;  ///< The two halves of each in turn.
  };
  static constexpr std::size_t kShards = 256;
  /// Copies what is remembered in pieces, so that each takes some milliseconds at most: whole
  /// shards from `shard` on, which is set to the one to go on with; kShards: none is left.
  std::vector<OfDay> copy(std::size_t& shard) const;
  void add(const std::vector<OfDay>& days);

 private:
  // The fingerprint's `high` is 16 of 24 bits; the other 8 are the number of the shard.
  struct Hash {
    std::uint64_t low;
    std::uint32_t high;
    [[nodiscard]] std::size_t shard() const { return high % kShards; }
    [[nodiscard]] Fingerprint fingerprint() const {
      return {low, static_cast<std::uint16_t>(high / kShards)};
    }
  };
  // Shards, because one of them grows in a moment. A day may have several sets, when it is large.
  struct Set {
    TimeMs day;
    std::array<FingerprintSet, kShards> shards;
    std::size_t size = 0;
    std::size_t bytes = 0;
  };
  void remember(const Hash& hash, TimeMs day);
  Set& set_of(TimeMs day);

  std::size_t bytes_max_;
  std::size_t forgotten_early_ = 0;
  std::deque<Set> sets_;  // Oldest first.
};

}  // namespace grapevine
