#include "kernels/listen/voice.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <utility>
#include <variant>

#include "kernels/listen/bounds_finder.hpp"
#include "kernels/listen/groups_of_run.hpp"
#include "kernels/listen/mood_lanes.hpp"
#include "kernels/listen/seen_in_cells.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRowsTogether = RealValues::kReadTogether;
// More than a task of other kernels has: mentions are few, and each run is looked at once for each.
constexpr std::size_t kCustomersTogether = 4 * kCustomersPerTask;
static_assert(kCustomersTogether <= std::size_t{1} << SeenInCells::kPersonBits);
static_assert(Voice::kCellsMax <= std::size_t{1} << SeenInCells::kCellBits);

// By mood, as note_moods has it; 0 where it is not known.
using Moods = std::array<std::uint32_t, 4>;

struct CellTally {
  Moods moods{};
  std::uint32_t people = 0;
};

void add_moods(const Moods& moods, MoodCounts& counts) {
  counts.unknown += moods[0];
  counts.neutral += moods[1];
  counts.positive += moods[2];
  counts.negative += moods[3];
}

// Somebody who stands in a list.
struct Listed {
  std::uint32_t list;
  CustomerId speaker;
};

// What a worker counts and keeps from stretch to stretch.
struct Tally {
  std::vector<CellTally> cells;
  std::vector<std::uint64_t> people_of_groups;
  std::array<Moods, 2> totals{};  // By period.
  std::array<Moods, 2> apart{};
  std::array<std::uint64_t, 2> grouped{};
  std::vector<std::unique_ptr<GroupsOfRun>> groups;  // By run.
  SeenInCells in_cells;
  SeenInCells in_groups;  // Where these are too many for masks.
  std::vector<std::uint8_t> mask;
  std::vector<GroupedRow> rows;
  // Parallel to the rows, in the end.
  std::vector<std::uint32_t> cell_of_row;
  std::vector<std::uint16_t> person_of_row;
  std::vector<std::uint8_t> is_new;
};

// Who speaks of one stretch of customers.
struct Speakers {
  std::vector<Listed> of_groups;
  std::vector<Listed> of_cells;
};

// Walks the rows of a stretch of customers.
class StretchWalk {
 public:
  // `first`: the first of the stretch's customers, who own whole words of the totals' sets.
  StretchWalk(const VoiceQuestion& question, const BoundsFinder& finder, std::size_t first,
              Tally& tally, Speakers& speakers, Voice& voice)
      : question_(question),
        finder_(finder),
        first_(static_cast<std::uint32_t>(first)),
        tally_(tally),
        speakers_(speakers),
        voice_(voice),
        lists_(voice.groups * voice.periods),
        masks_(voice.masks.lists == 0 ? nullptr : voice.masks.of_customer.data() + first) {
    tally_.in_cells.clear();
    tally_.in_groups.clear();
  }

  // Returns how many mentions were counted, each once for each of its groups.
  std::size_t walk(const Run& run, GroupsOfRun& groups, RowRange rows,
                   std::span<const std::uint8_t> mask) {
    std::size_t count = 0;
    for (std::size_t d = 0; d < question_.filters; ++d) {
      if (groups.has_none(d)) return 0;
    }
    for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
      const std::size_t size = std::min(kRowsTogether, rows.end - begin);
      pick(size, mask.empty() ? nullptr : mask.data() + (begin - rows.begin));
      for (std::size_t d = 0; d < question_.filters && !tally_.rows.empty(); ++d) {
        groups.divide(d, begin, tally_.rows);
      }
      if (tally_.rows.empty()) continue;
      locate(run, begin);
      find_moods(run, begin, size);
      if (question_.apart != nullptr) set_apart();
      add_to_totals();
      for (std::size_t d = question_.filters; d < question_.dimensions.size(); ++d) {
        groups.divide(d, begin, tally_.rows);
      }
      add_to_cells(run, begin);
      count += tally_.rows.size();
    }
    return count;
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

  template <typename Body>
  void for_each_time(const Run& run, std::size_t begin, const Body& body) const {
    run.times.visit([&](const auto offsets) {
      const std::uint64_t base = run.times.base();
      for (const GroupedRow& of : tally_.rows) {
        body(of, static_cast<TimeMs>((base + offsets[begin + of.row]) ^ Run::kSignBit));
      }
    });
  }

  // Finds whose each row is, as a number in the stretch, and in which period.
  void locate(const Run& run, std::size_t begin) {
    const std::span<const std::uint16_t> lows = run.customers.lows().subspan(begin);
    const TimeMs from = question_.period.from;
    for_each_time(run, begin, [&](const GroupedRow& of, TimeMs time) {
      persons_[of.row] = lows[of.row] % kCustomersTogether;
      periods_[of.row] = time < from ? 1 : 0;
    });
  }

  void find_moods(const Run& run, std::size_t begin, std::size_t count) {
    const RunColumn* const sentiment = run.column(column_id(CoreColumn::Sentiment));
    const auto* const kept =
        sentiment == nullptr ? nullptr : std::get_if<RealValues>(&sentiment->values);
    if (kept == nullptr) {
      std::fill_n(moods_.begin(), count, 0);
      return;
    }
    std::array<double, kRowsTogether> scores;
    std::array<std::int64_t, kRowsTogether> sums;
    kept->read(begin, std::span(scores).first(count));
    note_moods(std::span(scores).first(count), moods_, sums);
    if (sentiment->present.empty()) return;
    for (const GroupedRow& of : tally_.rows) {
      moods_[of.row] = sentiment->has(begin + of.row) ? moods_[of.row] : 0;
    }
  }

  // Counts the voices that stand apart, and keeps the rows that count.
  void set_apart() {
    std::vector<GroupedRow>& rows = tally_.rows;
    std::size_t kept = 0;
    for (const GroupedRow of : rows) {
      const CustomerId speaker{first_ + persons_[of.row]};
      const bool is_apart = question_.apart->has(speaker);
      if (is_apart) {
        const std::size_t period = periods_[of.row];
        ++tally_.apart[period][static_cast<std::size_t>(moods_[of.row])];
        voice_.totals[period].speakers_apart.add(speaker);
      }
      if (counts(question_.counted, is_apart)) rows[kept++] = of;
    }
    rows.resize(kept);
  }

  void add_to_totals() {
    for (const GroupedRow& of : tally_.rows) {  // Filters have one group: each row stands once.
      const std::size_t period = periods_[of.row];
      ++tally_.totals[period][static_cast<std::size_t>(moods_[of.row])];
      voice_.totals[period].speakers.add(CustomerId(first_ + persons_[of.row]));
      if (masks_ != nullptr) masks_[persons_[of.row]] |= std::uint64_t{1} << (lists_ + period);
    }
  }

  void add_to_cells(const Run& run, std::size_t begin) {
    find_cells(run, begin);
    const std::span<const GroupedRow> rows = tally_.rows;
    CellTally* const cells = tally_.cells.data();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ++cells[tally_.cell_of_row[i]].moods[static_cast<std::size_t>(moods_[rows[i].row])];
    }
    tally_.is_new.resize(rows.size());
    tally_.in_cells.add_all(tally_.cell_of_row, tally_.person_of_row, tally_.is_new);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (tally_.is_new[i] == 0) continue;
      const std::uint32_t cell = tally_.cell_of_row[i];
      ++cells[cell].people;
      add_speaker(cell, rows[i].group * voice_.periods + periods_[rows[i].row],
                  tally_.person_of_row[i]);
    }
  }

  // The cell and the person of each row.
  void find_cells(const Run& run, std::size_t begin) {
    tally_.cell_of_row.resize(tally_.rows.size());
    tally_.person_of_row.resize(tally_.rows.size());
    std::uint32_t* cell = tally_.cell_of_row.data();
    std::uint16_t* who = tally_.person_of_row.data();
    const BoundsFinder finder = finder_;
    const std::size_t periods = voice_.periods, buckets = voice_.buckets;
    const TimeMs before_ms = question_.period.before_ms;
    std::uint32_t last = UINT32_MAX;
    for_each_time(run, begin, [&](const GroupedRow& of, TimeMs time) {
      const std::size_t p = periods_[of.row];
      tally_.grouped[p] += of.row != last ? 1 : 0;
      last = of.row;
      const std::size_t bucket = finder.of(p == 0 ? time : time + before_ms);
      *cell++ = static_cast<std::uint32_t>((of.group * periods + p) * buckets + bucket);
      *who++ = persons_[of.row];
    });
  }

  void add_speaker(std::uint32_t cell, std::size_t list, std::uint16_t person) {
    const CustomerId speaker{first_ + person};
    if (question_.lists_of_cells) speakers_.of_cells.push_back({cell, speaker});
    if (masks_ != nullptr) {
      const std::uint64_t bit = std::uint64_t{1} << list;
      tally_.people_of_groups[list] += (masks_[person] & bit) == 0 ? 1 : 0;
      masks_[person] |= bit;
      return;
    }
    const auto number = static_cast<std::uint32_t>(list);
    if (!tally_.in_groups.add(number, person)) return;
    ++tally_.people_of_groups[list];
    if (question_.lists_of_groups) speakers_.of_groups.push_back({number, speaker});
  }

  const VoiceQuestion& question_;
  const BoundsFinder& finder_;
  std::uint32_t first_;
  Tally& tally_;
  Speakers& speakers_;
  Voice& voice_;
  std::size_t lists_;     // Of groups.
  std::uint64_t* masks_;  // Of the stretch's customers; nullptr: there are none.
  std::array<std::uint16_t, kRowsTogether> persons_;
  std::array<std::uint8_t, kRowsTogether> periods_;
  std::array<std::int64_t, kRowsTogether> moods_;
};

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
SpeakerLists lists_of(const std::vector<Speakers>& of_stretch, std::vector<Listed> Speakers::*which,
                      std::size_t lists) {
  std::vector<std::size_t> begins{0};
  for (const Speakers& some : of_stretch) begins.push_back(begins.back() + (some.*which).size());
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

void add_tally(const Tally& tally, Voice& voice) {
  for (std::size_t cell = 0; cell < voice.cells.size(); ++cell) {
    add_moods(tally.cells[cell].moods, voice.cells[cell]);
    voice.people[cell] += tally.cells[cell].people;
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

Voice empty_voice(const VoicePeriod& period, std::size_t groups, std::size_t customers) {
  Voice voice;
  voice.groups = groups;
  voice.periods = period.periods();
  voice.buckets = period.buckets();
  voice.cells.resize(groups * voice.periods * voice.buckets);
  voice.people.resize(voice.cells.size());
  voice.people_of_groups.resize(groups * voice.periods);
  const std::size_t lists = (groups + 1) * voice.periods;
  if (lists <= SpeakerMasks::kListsMax) {
    voice.masks = {lists, std::vector<std::uint64_t>(customers)};
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
  Voice voice = empty_voice(period, *groups, customers);

  std::vector<EventSelection> selections = question.mentions;
  std::vector<std::unique_ptr<RowFilter>> filters;
  for (EventSelection& selection : selections) {
    selection.from = period.from - period.before_ms;
    selection.to = period.to;
    filters.push_back(std::make_unique<RowFilter>(snapshot, selection));
  }
  const std::vector<MentionRun> runs = runs_of(snapshot, filters);
  const BoundsFinder finder(period.bounds);
  std::vector<Speakers> of_stretch(blocks_of(customers, kCustomersTogether));
  std::atomic<std::size_t> count{0};
  WorkerLocal<Tally> tallies([&] {
    Tally tally;
    tally.cells.resize(voice.cells.size());
    tally.people_of_groups.resize(voice.people_of_groups.size());
    tally.groups.resize(runs.size());
    return tally;
  });
  for_each_block(customers, kCustomersTogether, [&](std::size_t first, std::size_t last) {
    if (stop.requested() || count.load(std::memory_order_relaxed) > Voice::kMentionsMax) return;
    Tally& mine = tallies.mine();
    StretchWalk walk(question, finder, first, mine, of_stretch[first / kCustomersTogether], voice);
    std::size_t mentions = 0;
    for (std::size_t r = 0; r < runs.size(); ++r) {
      const auto& [live, filter] = runs[r];
      const RowRange rows = rows_of_customers(**live, first, last);
      if (rows.begin == rows.end) continue;
      auto& groups_of_run = mine.groups[r];
      if (groups_of_run == nullptr) {
        groups_of_run = std::make_unique<GroupsOfRun>(**live, question.dimensions);
      }
      mentions += walk.walk(**live, *groups_of_run, rows, filter->meant(*live, rows, mine.mask));
    }
    count.fetch_add(mentions, std::memory_order_relaxed);
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting mentions");
  if (count > Voice::kMentionsMax) {
    return absl::InvalidArgumentError("more than 134217728 mentions: ask for a shorter time");
  }
  tallies.for_each_made([&](const Tally& tally) { add_tally(tally, voice); });
  if (question.lists_of_groups && voice.masks.lists == 0) {
    voice.speakers_of_groups =
        lists_of(of_stretch, &Speakers::of_groups, voice.groups * voice.periods);
  }
  if (question.lists_of_cells) {
    voice.speakers = lists_of(of_stretch, &Speakers::of_cells, voice.cells.size());
  }
  if (stop.requested()) return absl::CancelledError("stopped while counting mentions");
  return voice;
}

}  // namespace grapevine
