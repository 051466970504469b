#include "kernels/cohort/active_marks.hpp"

#include <algorithm>
#include <cassert>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/stretch_walk.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kQuarterHour = PartActivity::kQuarterHourMs;
// Rows of a part from which on an activity is worth its making.
constexpr std::size_t kRowsMin = 1024;

// Whether a window that begins or ends at `time` takes whole quarter hours of a part's rows.
bool cuts_no_quarter_hour(TimeMs time, const Part& part) {
  return time % kQuarterHour == 0 || time <= part.first || time > part.last;
}

}  // namespace

ActiveEvents::ActiveEvents(const Snapshot& snapshot, const EventSelection& active)
    : are_plain_(active.where.empty() && active.targets.empty() && !active.clock &&
                 active.about.empty()),
      selected_(snapshot.event_counts().size()) {
  for (const EventNameId event : active.events) {
    if (index(event) < selected_.size()) selected_[index(event)] = true;
  }
}

std::optional<ActiveMarks> ActiveMarks::of(const Part& part, const ActiveEvents& events,
                                           const EventSelection& active,
                                           const TimeBuckets& buckets) {
  assert(events.are_plain() && buckets.count <= kNoBucket);
  if (buckets.from % kQuarterHour != 0 || buckets.width_ms % kQuarterHour != 0 ||
      !cuts_no_quarter_hour(active.from, part) || !cuts_no_quarter_hour(active.to, part)) {
    return std::nullopt;
  }
  const PartActivity* const activity = part.activity();
  if (activity == nullptr) return std::nullopt;
  ActiveMarks marks(*activity);
  const TimeMs from = std::max({active.from, buckets.from, activity->from()});
  const TimeMs to = std::min({active.to, buckets.to(), part.last + 1});
  marks.bucket_of_.assign(
      static_cast<std::size_t>((part.last - activity->from()) / kQuarterHour) + 1, kNoBucket);
  for (TimeMs time = from; time < to;) {
    const auto quarter_hour = static_cast<std::size_t>((time - activity->from()) / kQuarterHour);
    marks.bucket_of_[quarter_hour] =
        static_cast<std::uint8_t>((time - buckets.from) / buckets.width_ms);
    time = activity->from() + static_cast<TimeMs>(quarter_hour + 1) * kQuarterHour;
  }
  const auto sets = activity->event_sets();
  marks.accepted_.resize(sets.size());
  bool all = true;
  for (std::size_t set = 1; set < sets.size(); ++set) {  // The empty one is no mark's.
    const bool accepted = marks.accepted_[sets[set].others] != 0 || events.has(sets[set].event);
    marks.accepted_[set] = accepted ? 1 : 0;
    all = all && accepted;
  }
  if (!all) return marks;
  marks.accepted_.clear();
  marks.are_inside_ = from <= part.first && part.last < to;
  const TimeMs width = buckets.width_ms / kQuarterHour;
  const bool cuts_no_bucket = active.from <= std::max(buckets.from, part.first) &&
                              active.to >= std::min(buckets.to(), part.last + 1);
  if (cuts_no_bucket && width * static_cast<TimeMs>(buckets.count) <= MarkBuckets::kSpanMax) {
    marks.lanes_.emplace(
        static_cast<std::uint32_t>((buckets.from - activity->from()) / kQuarterHour),
        static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(buckets.count));
  }
  return marks;
}

ActiveSources ActiveSources::of(std::span<const std::shared_ptr<const Part>> parts,
                                const ActiveEvents& events, const RowFilter& filter,
                                const TimeBuckets& buckets) {
  std::vector<std::vector<const LiveRun*>> runs(parts.size());
  std::vector<std::optional<ActiveMarks>> marks(parts.size());
  for_each(parts.size(), [&](std::size_t p) {  // Activities may have to be made.
    runs[p] = selected_runs(parts.subspan(p, 1), filter);
    std::size_t rows = 0;
    for (const LiveRun* const run : runs[p]) rows += run->rows();
    if (events.are_plain() && rows >= kRowsMin && 2 * rows >= parts[p]->rows) {
      marks[p] = ActiveMarks::of(*parts[p], events, filter.selection(), buckets);
    }
  });
  ActiveSources sources;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (marks[p]) {
      sources.marks.push_back(*std::move(marks[p]));
      sources.marked.push_back(parts[p].get());
    } else {
      sources.runs.insert(sources.runs.end(), runs[p].begin(), runs[p].end());
    }
  }
  return sources;
}

}  // namespace grapevine
