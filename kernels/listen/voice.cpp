#include "kernels/listen/voice.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <span>
#include <utility>

#include "kernels/listen/bounds_finder.hpp"
#include "kernels/listen/voice_stretch.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"
#include "kernels/segment/run_range.hpp"

namespace grapevine {
namespace {

// The runs that may hold mentions.
struct MentionRun {
  const LiveRun* live;
  const RowFilter* filter;
};

absl::StatusOr<std::size_t> count_groups(const VoiceQuestion& question) {
  const std::size_t places = question.period.buckets() * question.period.periods();
  std::size_t groups = 1;
  for (const GroupDimension& dimension : question.dimensions) {
    groups *= dimension.groups;
    if (groups * places > Voice::kCellsMax) {
      return absl::InvalidArgumentError(
          "more than 4194304 counts: ask for wider buckets of time, or for fewer groups");
    }
  }
  return groups;
}

std::vector<MentionRun> runs_of(const Snapshot& snapshot,
                                std::span<const std::unique_ptr<RowFilter>> filters) {
  std::vector<MentionRun> runs;
  for (const auto& filter : filters) {
    for (const std::shared_ptr<const Part>& part : snapshot.parts()) {
      for (const EventNameId event : filter->selection().events) {
        const LiveRun* live = part->run(event);
        if (live != nullptr && filter->may_have(**live)) runs.push_back({live, filter.get()});
      }
    }
  }
  return runs;
}

// Puts together who stands in each list, stretch by stretch.
SpeakerLists lists_of(const std::vector<StretchSpeakers>& of_stretch,
                      std::vector<Listed> StretchSpeakers::*which, std::size_t lists) {
  std::vector<std::size_t> begins{0};
  for (const StretchSpeakers& some : of_stretch)
    begins.push_back(begins.back() + (some.*which).size());
  std::vector<Listed> all(begins.back());
  for_each(of_stretch.size(), [&](std::size_t stretch) {
    std::ranges::copy(of_stretch[stretch].*which,
                      all.begin() + static_cast<std::ptrdiff_t>(begins[stretch]));
  });
  SpeakerLists result;
  result.people.resize(all.size());
  result.offsets = group_stably(
      all.size(), lists, [&](std::size_t i) -> std::size_t { return all[i].list; },
      [&](std::size_t i, std::size_t place) { result.people[place] = all[i].speaker; });
  return result;
}

void add_moods(const Moods& moods, MoodCounts& counts) {
  counts.unknown += moods[0];
  counts.neutral += moods[1];
  counts.positive += moods[2];
  counts.negative += moods[3];
}

void add_tally(const VoiceTally& tally, Voice& voice) {
  for (std::size_t cell = 0; cell < voice.cells.size(); ++cell) {
    const Moods& moods = tally.cells[cell].moods;
    add_moods(moods, voice.cells[cell]);
    voice.people[cell] += std::accumulate(moods.begin(), moods.end(), std::uint64_t{0});
    voice.people[cell] -= tally.cells[cell].repeats;
  }
  for (std::size_t list = 0; list < voice.people_of_groups.size(); ++list) {
    voice.people_of_groups[list] += tally.people_of_groups[list];
  }
  for (std::size_t p = 0; p < voice.periods; ++p) {
    add_moods(tally.totals[p], voice.totals[p].counts);
    add_moods(tally.apart[p], voice.totals[p].apart);
    voice.totals[p].grouped += tally.grouped[p];
  }
}

std::uint32_t number_of(CustomerId customer) { return index(customer); }

Voice empty_voice(const VoiceQuestion& question, std::size_t groups, std::size_t customers) {
  const VoicePeriod& period = question.period;
  Voice voice;
  voice.groups = groups;
  voice.periods = period.periods();
  voice.buckets = period.buckets();
  voice.cells.resize(groups * voice.periods * voice.buckets);
  voice.people.resize(voice.cells.size());
  voice.people_of_groups.resize(groups * voice.periods);
  const std::size_t lists = (groups + 1) * voice.periods;
  if (question.lists_of_groups && !question.people.empty() && lists <= SpeakerMasks::kListsMax) {
    voice.masks = SpeakerMasks(lists, question.people.size());
    // Nobody looks for those who came later.
    const auto known = std::ranges::lower_bound(question.people, customers, {}, number_of);
    std::ranges::fill(
        voice.masks.of_person().subspan(static_cast<std::size_t>(known - question.people.begin())),
        0);
  }
  voice.totals.resize(voice.periods, {{}, 0, CustomerSet(customers), {}, CustomerSet(customers)});
  return voice;
}

}  // namespace

void MoodCounts::add(const MoodCounts& other) {
  unknown += other.unknown;
  neutral += other.neutral;
  positive += other.positive;
  negative += other.negative;
}

absl::StatusOr<Voice> count_voice(const Snapshot& snapshot, const VoiceQuestion& question,
                                  const Stop& stop) {
  const VoicePeriod& period = question.period;
  const absl::StatusOr<std::size_t> groups = count_groups(question);
  if (!groups.ok()) return groups.status();
  const std::size_t customers = snapshot.customers().count();
  Voice voice = empty_voice(question, *groups, customers);

  std::vector<EventSelection> selections = question.mentions;
  std::vector<std::unique_ptr<RowFilter>> filters;
  for (EventSelection& selection : selections) {
    selection.from = period.from - period.before_ms;
    selection.to = period.to;
    filters.push_back(std::make_unique<RowFilter>(snapshot, selection));
  }
  const std::vector<MentionRun> runs = runs_of(snapshot, filters);
  const BoundsFinder finder(period.bounds);
  std::vector<StretchSpeakers> of_stretch(blocks_of(customers, kVoicesTogether));
  std::atomic<std::size_t> count{0};
  WorkerLocal<VoiceTally> tallies([&] {
    VoiceTally tally;
    tally.cells.resize(voice.cells.size());
    tally.people_of_groups.resize(voice.people_of_groups.size());
    tally.runs.resize(runs.size());
    return tally;
  });
  for_each_block(customers, kVoicesTogether, [&](std::size_t first, std::size_t last) {
    if (stop.requested() || count.load(std::memory_order_relaxed) > Voice::kMentionsMax) return;
    VoiceTally& mine = tallies.mine();
    VoiceStretch stretch(question, finder, first, mine, of_stretch[first / kVoicesTogether], voice);
    std::size_t mentions = 0;
    for (std::size_t r = 0; r < runs.size(); ++r) {
      const auto& [live, filter] = runs[r];
      const RowRange rows = rows_of_customers(**live, first, last);
      if (rows.begin == rows.end) continue;
      auto& readers = mine.runs[r];
      if (readers == nullptr) {
        readers = std::make_unique<VoiceTally::RunReaders>(GroupsOfRun(**live, question.dimensions),
                                                           MoodReader(**live));
      }
      mentions += stretch.walk(**live, *readers, rows, filter->meant(*live, rows, mine.mask));
    }
    stretch.finish();
    count.fetch_add(mentions, std::memory_order_relaxed);
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting mentions");
  if (count > Voice::kMentionsMax) {
    return absl::InvalidArgumentError("more than 134217728 mentions: ask for a shorter time");
  }
  tallies.for_each_made([&](const VoiceTally& tally) { add_tally(tally, voice); });
  if (question.lists_of_groups && voice.masks.lists() == 0) {
    voice.speakers_of_groups =
        lists_of(of_stretch, &StretchSpeakers::of_groups, voice.groups * voice.periods);
  }
  if (question.lists_of_cells) {
    voice.speakers = lists_of(of_stretch, &StretchSpeakers::of_cells, voice.cells.size());
  }
  if (stop.requested()) return absl::CancelledError("stopped while counting mentions");
  return voice;
}

}  // namespace grapevine
