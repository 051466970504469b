#include "kernels/listen/voice.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <span>
#include <utility>
#include <variant>

#include "kernels/listen/bounds_finder.hpp"
#include "kernels/listen/groups_of_run.hpp"
#include "kernels/listen/mood_lanes.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"
#include "kernels/segment/row_slices.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRowsTogether = RealValues::kReadTogether;

// A mention in one of its groups. A mood is as note_moods has it, 0 where it is not known.
struct Mark {
  std::uint32_t mood : 2;
  std::uint32_t cell : 30;
  CustomerId speaker;
};
static_assert(Voice::kCellsMax <= std::size_t{1} << 30);

void note_mood(std::uint32_t mood, MoodCounts& counts) {
  std::array<std::uint64_t*, 4> of_mood{&counts.unknown, &counts.neutral, &counts.positive,
                                        &counts.negative};
  ++*of_mood[mood];
}

// What a worker keeps from slice to slice.
struct Tally {
  std::vector<Voice::Total> totals;
  std::vector<std::uint8_t> mask;
  std::vector<GroupedRow> rows;
};

// Walks the blocks of one slice.
class SliceWalk {
 public:
  SliceWalk(const VoiceQuestion& question, const BoundsFinder& finder, const Run& run, Tally& tally,
            std::vector<Mark>& marks)
      : question_(question),
        finder_(finder),
        run_(run),
        groups_(run, question.dimensions),
        sentiment_(run.column(column_id(CoreColumn::Sentiment))),
        scores_(sentiment_ == nullptr ? nullptr : std::get_if<RealValues>(&sentiment_->values)),
        tally_(tally),
        marks_(marks) {}

  void walk(RowRange rows, std::span<const std::uint8_t> mask) {
    for (std::size_t d = 0; d < question_.filters; ++d) {
      if (groups_.has_none(d)) return;
    }
    for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
      const std::size_t count = std::min(kRowsTogether, rows.end - begin);
      pick(count, mask.empty() ? nullptr : mask.data() + (begin - rows.begin));
      for (std::size_t d = 0; d < question_.filters && !tally_.rows.empty(); ++d) {
        groups_.divide(d, begin, tally_.rows);
      }
      if (tally_.rows.empty()) continue;
      find_places(begin);
      find_moods(begin, count);
      add_to_totals(begin);
      for (std::size_t d = question_.filters; d < question_.dimensions.size(); ++d) {
        groups_.divide(d, begin, tally_.rows);
      }
      add_marks(begin);
    }
  }

 private:
  void pick(std::size_t count, const std::uint8_t* mask) {
    std::vector<GroupedRow>& rows = tally_.rows;
    rows.resize(count);
    std::size_t size = 0;
    for (std::uint32_t i = 0; i < count; ++i) {  // Without a branch: nobody could guess.
      rows[size] = {i, 0};
      size += mask == nullptr || mask[i] != 0 ? 1 : 0;
    }
    rows.resize(size);
  }

  // The period and bucket of each row that is left, as a number.
  void find_places(std::size_t begin) {
    const VoicePeriod& period = question_.period;
    const auto buckets = static_cast<std::uint32_t>(period.buckets());
    run_.times.visit([&](const auto offsets) {
      for (const GroupedRow& of : tally_.rows) {
        const auto time =
            static_cast<TimeMs>((run_.times.base() + offsets[begin + of.row]) ^ Run::kSignBit);
        const bool is_before = time < period.from;
        const std::size_t bucket = finder_.of(is_before ? time + period.before_ms : time);
        places_[of.row] = static_cast<std::uint32_t>(bucket) + (is_before ? buckets : 0);
      }
    });
  }

  void find_moods(std::size_t begin, std::size_t count) {
    if (scores_ == nullptr) {
      std::fill_n(moods_.begin(), count, 0);
      return;
    }
    std::array<double, kRowsTogether> scores;
    std::array<std::int64_t, kRowsTogether> sums;
    scores_->read(begin, std::span(scores).first(count));
    note_moods(std::span(scores).first(count), moods_, sums);
    if (sentiment_->present.empty()) return;
    for (const GroupedRow& of : tally_.rows) {
      moods_[of.row] = sentiment_->has(begin + of.row) ? moods_[of.row] : 0;
    }
  }

  void add_to_totals(std::size_t begin) {
    const std::size_t buckets = question_.period.buckets();
    for (const GroupedRow& of : tally_.rows) {  // Filters have one group: each row stands once.
      Voice::Total& total = tally_.totals[places_[of.row] < buckets ? 0 : 1];
      note_mood(static_cast<std::uint32_t>(moods_[of.row]), total.counts);
      total.speakers.add(run_.customers[begin + of.row]);
    }
  }

  void add_marks(std::size_t begin) {
    const std::size_t buckets = question_.period.buckets();
    const std::size_t places = buckets * question_.period.periods();
    std::uint32_t last = UINT32_MAX;
    for (const GroupedRow& of : tally_.rows) {
      const std::uint32_t place = places_[of.row];
      if (of.row != last) ++tally_.totals[place < buckets ? 0 : 1].grouped;
      last = of.row;
      const auto cell = static_cast<std::uint32_t>(of.group * places + place);
      marks_.push_back({static_cast<std::uint32_t>(moods_[of.row]) & 3, cell & 0x3FFF'FFFF,
                        run_.customers[begin + of.row]});
    }
  }

  const VoiceQuestion& question_;
  const BoundsFinder& finder_;
  const Run& run_;
  GroupsOfRun groups_;
  const RunColumn* sentiment_;
  const RealValues* scores_;
  Tally& tally_;
  std::vector<Mark>& marks_;
  std::array<std::uint32_t, kRowsTogether> places_;
  std::array<std::int64_t, kRowsTogether> moods_;
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

// Sorts the marks into their cells, counts moods there, and finds who speaks.
void fill_cells(const std::vector<Mark>& marks, std::size_t customers, const Stop& stop,
                Voice& voice) {
  SpeakerLists lists;
  lists.people.resize(marks.size());
  std::vector<std::uint8_t> moods(marks.size());
  lists.offsets = group_stably(
      marks.size(), voice.cells.size(), [&](std::size_t i) -> std::size_t { return marks[i].cell; },
      [&](std::size_t i, std::size_t place) {
        lists.people[place] = marks[i].speaker;
        moods[place] = static_cast<std::uint8_t>(marks[i].mood);
      });
  constexpr std::size_t kCellsTogether = 256;
  for_each_block(voice.cells.size(), kCellsTogether, [&](std::size_t first, std::size_t last) {
    for (std::size_t cell = first; cell < last; ++cell) {
      for (std::size_t i = lists.offsets[cell]; i < lists.offsets[cell + 1]; ++i) {
        note_mood(moods[i], voice.cells[cell]);
      }
    }
  });
  voice.speakers = distinct_speakers(lists, 1, customers, stop);
}

}  // namespace

void MoodCounts::add(const MoodCounts& other) {
  unknown += other.unknown;
  neutral += other.neutral;
  positive += other.positive;
  negative += other.negative;
}

SpeakerLists Voice::speakers_by_group(const Stop& stop) const {
  return distinct_speakers(speakers, buckets, totals.front().speakers.customers(), stop);
}

absl::StatusOr<Voice> count_voice(const Snapshot& snapshot, const VoiceQuestion& question,
                                  const Stop& stop) {
  const VoicePeriod& period = question.period;
  const absl::StatusOr<std::size_t> groups = count_groups(question);
  if (!groups.ok()) return groups.status();
  const std::size_t customers = snapshot.customers().count();
  Voice voice;
  voice.groups = *groups;
  voice.periods = period.periods();
  voice.buckets = period.buckets();
  voice.cells.resize(voice.groups * voice.periods * voice.buckets);
  voice.totals.resize(voice.periods, {{}, 0, CustomerSet(customers)});

  std::vector<EventSelection> selections = question.mentions;
  std::vector<std::pair<RowSlice, const RowFilter*>> slices;
  std::vector<std::unique_ptr<RowFilter>> filters;
  for (EventSelection& selection : selections) {
    selection.from = period.from - period.before_ms;
    selection.to = period.to;
    filters.push_back(std::make_unique<RowFilter>(snapshot, selection));
    for (const RowSlice& slice : slices_of(snapshot, *filters.back())) {
      slices.emplace_back(slice, filters.back().get());
    }
  }
  const BoundsFinder finder(period.bounds);
  std::vector<std::vector<Mark>> of_slice(slices.size());
  std::atomic<std::size_t> count{0};
  WorkerLocal<Tally> tallies([&] { return Tally{voice.totals, {}, {}}; });
  for_each(slices.size(), [&](std::size_t s) {
    if (stop.requested() || count.load(std::memory_order_relaxed) > Voice::kMentionsMax) return;
    Tally& mine = tallies.mine();
    const auto& [slice, filter] = slices[s];
    SliceWalk walk(question, finder, **slice.live, mine, of_slice[s]);
    walk.walk(slice.rows, filter->meant(*slice.live, slice.rows, mine.mask));
    count.fetch_add(of_slice[s].size(), std::memory_order_relaxed);
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting mentions");
  if (count > Voice::kMentionsMax) {
    return absl::InvalidArgumentError("more than 134217728 mentions: ask for a shorter time");
  }
  std::vector<Mark> marks;
  marks.reserve(count);
  for (std::vector<Mark>& more : of_slice) {
    marks.insert(marks.end(), more.begin(), more.end());
    std::vector<Mark>().swap(more);
  }
  fill_cells(marks, customers, stop, voice);
  tallies.for_each_made([&](const Tally& made) {
    for (std::size_t p = 0; p < voice.periods; ++p) {
      Voice::Total& total = voice.totals[p];
      total.counts.add(made.totals[p].counts);
      total.grouped += made.totals[p].grouped;
      for (std::size_t w = 0; w < total.speakers.words().size(); ++w) {
        total.speakers.words()[w] |= made.totals[p].speakers.words()[w];
      }
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting mentions");
  return voice;
}

}  // namespace grapevine
