#include "kernels/listen/voice_stretch.hpp"

#include <algorithm>

namespace grapevine {
namespace {

static_assert(kVoicesTogether <= std::size_t{1} << SeenInCells::kPersonBits);
static_assert(Voice::kCellsMax <= std::size_t{1} << SeenInCells::kCellBits);

// Pairs that wait: far more than a stretch of many people has, so that only a stretch with somebody
// who never stops goes the slower way.
constexpr std::size_t kPairsTogether = std::size_t{1} << 18;

std::uint32_t number_of(CustomerId customer) { return index(customer); }

}  // namespace

VoiceStretch::VoiceStretch(const VoiceQuestion& question, const BoundsFinder& finder,
                           std::size_t first, VoiceTally& tally, StretchSpeakers& speakers,
                           Voice& voice)
    : question_(question),
      finder_(finder),
      first_(static_cast<std::uint32_t>(first)),
      tally_(tally),
      speakers_(speakers),
      voice_(voice),
      lists_(voice.groups * voice.periods) {
  tally_.cell_of_pair.clear();
  tally_.person_of_pair.clear();
  tally_.mood_of_pair.clear();
  tally_.in_cells.clear();
  tally_.in_groups.clear();
  if (question.apart != nullptr) {
    const auto words = question.apart->words().subspan(first / 64);
    const auto mine = words.first(std::min(kVoicesTogether / 64, words.size()));
    has_apart_ = std::ranges::any_of(mine, [](std::uint64_t word) { return word != 0; });
  }
  if (lists_ > SpeakerMasks::kListsMax) return;
  if (question.lists_of_groups && voice.masks.lists() == 0) return;  // They are listed instead.
  tally_.masks.assign(kVoicesTogether, 0);
  masks_ = tally_.masks.data();
}

std::size_t VoiceStretch::walk(const Run& run, VoiceTally::RunReaders& readers, RowRange rows,
                               std::span<const std::uint8_t> mask) {
  std::size_t count = 0;
  for (std::size_t d = 0; d < question_.filters; ++d) {
    if (readers.groups.has_none(d)) return 0;
  }
  for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
    const std::size_t size = std::min(kRowsTogether, rows.end - begin);
    pick(size, mask.empty() ? nullptr : mask.data() + (begin - rows.begin));
    for (std::size_t d = 0; d < question_.filters && !tally_.rows.empty(); ++d) {
      readers.groups.divide(d, begin, tally_.rows);
    }
    if (tally_.rows.empty()) continue;
    locate(run, begin);
    readers.moods.read(begin, std::span(moods_).first(size));
    if (has_apart_) {
      set_apart();
    } else if (question_.apart != nullptr && !counts(question_.counted, false)) {
      tally_.rows.clear();
    }
    add_to_totals();
    for (std::size_t d = question_.filters; d < question_.dimensions.size(); ++d) {
      readers.groups.divide(d, begin, tally_.rows);
    }
    add_pairs();
    count += tally_.rows.size();
  }
  return count;
}

void VoiceStretch::finish() {
  count_pairs(!is_spilled_);
  if (voice_.masks.lists() != 0) hand_over_masks();
}

void VoiceStretch::hand_over_masks() {
  const std::span<const CustomerId> people = question_.people;
  auto person = std::ranges::lower_bound(people, first_, {}, number_of);
  const auto end = std::ranges::lower_bound(people, first_ + kVoicesTogether, {}, number_of);
  std::uint64_t* mask = voice_.masks.of_person().data() + (person - people.begin());
  for (; person != end; ++person) *mask++ = masks_[index(*person) - first_];
}

void VoiceStretch::pick(std::size_t count, const std::uint8_t* mask) {
  std::vector<GroupedRow>& rows = tally_.rows;
  rows.resize(count);
  GroupedRow* const into = rows.data();
  if (mask == nullptr) {
    for (std::uint32_t i = 0; i < count; ++i) into[i] = {i, 0};
    return;
  }
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < count; ++i) {  // Without a branch: nobody could guess.
    into[size] = {i, 0};
    size += mask[i] != 0 ? 1 : 0;
  }
  rows.resize(size);
}

// Finds whose each row is, as a number in the stretch, and in which period and bucket.
void VoiceStretch::locate(const Run& run, std::size_t begin) {
  const std::uint16_t* const lows = run.customers.lows().data() + begin;
  const TimeMs from = question_.period.from, before_ms = question_.period.before_ms;
  const auto buckets = static_cast<std::uint32_t>(voice_.buckets);
  const BoundsFinder finder = finder_;
  const std::uint64_t base = run.times.base();
  run.times.visit([&](const auto offsets) {
    for (const GroupedRow& of : tally_.rows) {
      const auto time = static_cast<TimeMs>((base + offsets[begin + of.row]) ^ Run::kSignBit);
      const bool is_before = time < from;
      persons_[of.row] = lows[of.row] % kVoicesTogether;
      periods_[of.row] = is_before ? 1 : 0;
      places_[of.row] = static_cast<std::uint32_t>(finder.of(is_before ? time + before_ms : time)) +
                        (is_before ? buckets : 0);
    }
  });
}

// Counts the voices that stand apart, and keeps the rows that count.
void VoiceStretch::set_apart() {
  std::vector<GroupedRow>& rows = tally_.rows;
  std::size_t kept = 0;
  for (const GroupedRow of : rows) {
    const CustomerId speaker{first_ + persons_[of.row]};
    const bool is_apart = question_.apart->has(speaker);
    if (is_apart) {
      const std::size_t period = periods_[of.row];
      ++tally_.apart[period][moods_[of.row]];
      voice_.totals[period].speakers_apart.add(speaker);
    }
    rows[kept] = of;
    kept += counts(question_.counted, is_apart) ? 1 : 0;
  }
  rows.resize(kept);
}

void VoiceStretch::add_to_totals() {
  std::array<std::uint64_t*, 2> speakers{};
  for (std::size_t p = 0; p < voice_.periods; ++p) {
    speakers[p] = voice_.totals[p].speakers.words().data() + first_ / 64;
  }
  // Counted in turn in several places: most rows are of one kind.
  std::array<std::array<std::uint32_t, 8>, 4> kinds{};
  std::size_t turn = 0;
  for (const GroupedRow& of : tally_.rows) {  // Filters have one group: each row stands once.
    const std::size_t period = periods_[of.row], person = persons_[of.row];
    ++kinds[turn++ % kinds.size()][period * 4 + moods_[of.row]];
    speakers[period][person / 64] |= std::uint64_t{1} << (person % 64);
  }
  for (const auto& of_turn : kinds) {
    for (std::size_t kind = 0; kind < of_turn.size(); ++kind) {
      tally_.totals[kind / 4][kind % 4] += of_turn[kind];
    }
  }
  if (voice_.masks.lists() == 0) return;
  for (const GroupedRow& of : tally_.rows) {
    masks_[persons_[of.row]] |= std::uint64_t{1} << (lists_ + periods_[of.row]);
  }
}

// Lets the rows wait, each as a cell, a person and a mood.
void VoiceStretch::add_pairs() {
  const std::size_t size = tally_.rows.size(), begin = tally_.cell_of_pair.size();
  if (begin != 0 && begin + size > kPairsTogether) {
    count_pairs(false);
    is_spilled_ = true;
    return add_pairs();
  }
  tally_.cell_of_pair.resize(begin + size);
  tally_.person_of_pair.resize(begin + size);
  tally_.mood_of_pair.resize(begin + size);
  std::uint32_t* cell = tally_.cell_of_pair.data() + begin;
  std::uint16_t* who = tally_.person_of_pair.data() + begin;
  std::uint8_t* mood = tally_.mood_of_pair.data() + begin;
  const auto places = static_cast<std::uint32_t>(voice_.periods * voice_.buckets);
  std::array<std::uint64_t, 2> grouped{};
  std::uint32_t last = UINT32_MAX;
  for (const GroupedRow& of : tally_.rows) {
    *cell++ = of.group * places + places_[of.row];
    *who++ = persons_[of.row];
    *mood++ = moods_[of.row];
    grouped[periods_[of.row]] += of.row != last ? 1 : 0;
    last = of.row;
  }
  for (std::size_t p = 0; p < grouped.size(); ++p) tally_.grouped[p] += grouped[p];
  if (masks_ == nullptr) return;
  const auto periods = static_cast<std::uint32_t>(voice_.periods);
  for (const GroupedRow& of : tally_.rows) {
    const std::uint32_t list = of.group * periods + periods_[of.row];
    std::uint64_t& lists = masks_[persons_[of.row]];
    tally_.people_of_groups[list] += (~lists >> list) & 1;
    lists |= std::uint64_t{1} << list;
  }
}

// Counts the pairs that wait. `are_all`: none were counted before.
void VoiceStretch::count_pairs(bool are_all) {
  const std::vector<std::uint32_t>& cell_of = tally_.cell_of_pair;
  const std::vector<std::uint16_t>& who = tally_.person_of_pair;
  VoiceTally::Cell* const cells = tally_.cells.data();
  for (std::size_t i = 0; i < cell_of.size(); ++i) {
    ++cells[cell_of[i]].moods[tally_.mood_of_pair[i]];
  }
  std::span<const std::uint32_t> repeats;
  std::vector<std::uint32_t> found;
  if (are_all) {
    repeats = tally_.repeated.find(cell_of, who);
  } else {
    for (std::uint32_t i = 0; i < cell_of.size(); ++i) {
      if (!tally_.in_cells.add(cell_of[i], who[i])) found.push_back(i);
    }
    repeats = found;
  }
  for (const std::uint32_t i : repeats) ++cells[cell_of[i]].repeats;
  if (question_.lists_of_cells || masks_ == nullptr) list_pairs(repeats);
  tally_.cell_of_pair.clear();
  tally_.person_of_pair.clear();
  tally_.mood_of_pair.clear();
}

// Lists who speaks of cells, and of groups where these have no masks.
void VoiceStretch::list_pairs(std::span<const std::uint32_t> repeats) {
  auto repeat = repeats.begin();
  for (std::uint32_t i = 0; i < tally_.cell_of_pair.size(); ++i) {
    if (repeat != repeats.end() && *repeat == i) {
      ++repeat;
      continue;
    }
    const std::uint32_t cell = tally_.cell_of_pair[i];
    const std::uint16_t person = tally_.person_of_pair[i];
    if (question_.lists_of_cells) speakers_.of_cells.push_back({cell, CustomerId(first_ + person)});
    if (masks_ == nullptr) list_of_groups(cell / voice_.buckets, person);
  }
}

void VoiceStretch::list_of_groups(std::size_t list, std::uint16_t person) {
  const auto number = static_cast<std::uint32_t>(list);
  if (!tally_.in_groups.add(number, person)) return;
  ++tally_.people_of_groups[list];
  if (question_.lists_of_groups) {
    speakers_.of_groups.push_back({number, CustomerId(first_ + person)});
  }
}

}  // namespace grapevine
