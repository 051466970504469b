#include "api/execute/topic_counts.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace grapevine {

TopicCounts count_topic(const Snapshot& snapshot, const TopicRows& topic, TimeMs as_of) {
  TopicCounts counts;
  std::vector<std::uint64_t> people(snapshot.customers().count() / 64 + 1);
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      const RowList* rows = topic.of(*run);
      if (rows == nullptr) continue;
      rows->for_each([&](std::uint32_t row) {
        const TimeMs time = run->time(row);
        if (time > as_of || run.is_dead(row)) return;
        counts.first = counts.mentions == 0 ? time : std::min(counts.first, time);
        counts.last = counts.mentions == 0 ? time : std::max(counts.last, time);
        ++counts.mentions;
        const std::uint32_t customer = index(run->customers[row]);
        people[customer / 64] |= std::uint64_t{1} << (customer % 64);
      });
    }
  }
  for (const std::uint64_t word : people) {
    counts.people += static_cast<std::uint64_t>(std::popcount(word));
  }
  return counts;
}

}  // namespace grapevine
