#include "storage/part_tiers.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "storage/delta.hpp"
#include "storage/time_span.hpp"

namespace grapevine {
namespace {

using PartPtr = std::shared_ptr<const Part>;

// Parts of one span share a number; those across spans the largest.
constexpr std::int64_t kAcross = std::numeric_limits<std::int64_t>::max();

std::int64_t group_of(const Part& part) {
  const TimeSpan span = span_of(part.first);
  return span == span_of(part.last) ? static_cast<std::int64_t>(span) : kAcross;
}

std::size_t rows_with_dead(const Part& part) {
  std::size_t rows = 0;
  for (const LiveRun& run : part.runs) rows += run->size();
  return rows;
}

int tier_of(const Part& part) {
  int tier = 0;
  for (std::size_t rows = DeltaBlock::kRows; part.rows > rows; rows *= kFanIn) ++tier;
  return tier;
}

// As many of the first parts as may be merged together.
std::vector<PartPtr> within_budget(std::span<const PartPtr> parts) {
  std::size_t rows = 0;
  std::size_t count = 0;
  while (count < parts.size()) {
    rows += rows_with_dead(*parts[count]);
    if (rows > kMergeRowsMax) break;
    ++count;
  }
  return {parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(count)};
}

// How many of the parts, which ascend by rows, are each no larger than the smaller ones together.
std::size_t alike(std::span<const PartPtr> parts) {
  std::size_t count = 0;
  std::size_t smaller = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && parts[i]->rows <= smaller) count = i + 1;
    smaller += parts[i]->rows;
  }
  return count;
}

}  // namespace

std::vector<PartPtr> due_merge(std::span<const PartPtr> parts) {
  std::map<std::pair<int, std::int64_t>, std::vector<PartPtr>> tiers;
  for (const PartPtr& part : parts) tiers[{tier_of(*part), group_of(*part)}].push_back(part);
  for (auto& [tier, members] : tiers) {
    if (members.size() < kFanIn) continue;
    std::vector<PartPtr> chosen = within_budget(std::span(members).first(kFanIn));
    if (chosen.size() > 1) return chosen;
  }
  return {};
}

std::vector<PartPtr> tidy_merge(std::span<const PartPtr> parts) {
  std::map<std::int64_t, std::vector<PartPtr>> groups;
  for (const PartPtr& part : parts) groups[group_of(*part)].push_back(part);
  for (auto& [group, members] : groups) {
    std::sort(members.begin(), members.end(),
              [](const PartPtr& a, const PartPtr& b) { return a->rows < b->rows; });
    std::vector<PartPtr> chosen = within_budget(std::span(members).first(alike(members)));
    if (chosen.size() > 1) return chosen;
  }
  for (const PartPtr& part : parts) {
    const std::size_t rows = rows_with_dead(*part);
    if (rows > part->rows && 8 * (rows - part->rows) > rows) return {part};
  }
  return {};
}

}  // namespace grapevine
