#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "api/plan/alert_document.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Names of brands, products and channels as small numbers, whatever form their columns have.
/// Not thread-safe.
class WatchedNames {
 public:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  std::uint32_t number_of(std::string_view name);
  [[nodiscard]] const std::string& at(std::uint32_t number) const { return names_[number]; }

 private:
  std::deque<std::string> names_;
  absl::flat_hash_map<std::string_view, std::uint32_t> numbers_;
};

/// A mention of a brand or a product, as far as alerts look at it.
struct WatchedMention {
  TimeMs ts = 0;
  std::uint64_t sequence = 0;  ///< In order of arrival.
  std::uint32_t brand = WatchedNames::kNone;
  std::uint32_t product = WatchedNames::kNone;  ///< One of the two is there.
  std::uint32_t channel = WatchedNames::kNone;
  AlertMood mood = AlertMood::All;  ///< All: it has none of the others.
};

/// Reads the mentions that were stored since it read last. Who was moved to another person, merged
/// into a larger part or reads the same rows again does not see them twice. Not thread-safe.
class NewMentions {
 public:
  explicit NewMentions(WatchedNames& names) : names_(names) {}

  /// Those stored since the last call, by time and then by arrival, but for those before `from`.
  /// Cost: a look at each run that is new, and at its rows' numbers of arrival.
  std::vector<WatchedMention> take(const Snapshot& snapshot,
                                   TimeMs from = std::numeric_limits<TimeMs>::min());

  /// All in [from, to) that earlier calls of `take` have seen, in the same order.
  [[nodiscard]] std::vector<WatchedMention> seen(const Snapshot& snapshot, TimeMs from, TimeMs to);

 private:
  struct Range {
    std::uint64_t begin = 0, end = std::numeric_limits<std::uint64_t>::max();  // Of sequences.
    TimeMs from = std::numeric_limits<TimeMs>::min(), to = std::numeric_limits<TimeMs>::max();
  };
  void read(const Snapshot& snapshot, const LiveRun& live, bool is_social, const Range& range,
            std::vector<WatchedMention>& mentions);

  WatchedNames& names_;
  std::uint64_t next_ = 0;  // The sequence that comes next.
  absl::flat_hash_map<const Run*, std::weak_ptr<const Run>> known_;
  std::vector<std::uint32_t> brands_, products_, channels_;  // By code.
};

}  // namespace grapevine
