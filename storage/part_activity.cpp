#include "storage/part_activity.hpp"

#include <algorithm>
#include <utility>

#include <absl/container/flat_hash_map.h>

#include "storage/part.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kQuarterHours = TimeMs{1} << 16;  // That a mark can tell apart.
constexpr std::size_t kBlockCustomers = std::size_t{1} << 16;

TimeMs quarter_hour_of(TimeMs time) {
  const TimeMs quotient = time / PartActivity::kQuarterHourMs;
  return quotient - (time % PartActivity::kQuarterHourMs < 0 ? 1 : 0);
}

// A mark, and the run of a row of it.
struct RunMark {
  std::uint32_t mark;
  std::uint32_t run;
  bool operator==(const RunMark&) const = default;
};

// Sets of events by number: each is another one and the event of a later run.
class EventSets {
 public:
  EventSets() { sets_.push_back({0, EventNameId{}}); }

  std::uint32_t with(std::uint32_t others, std::uint32_t run, EventNameId event) {
    const std::uint64_t key = std::uint64_t{others} << 32 | run;
    const auto [found, is_new] = number_of_.try_emplace(key, sets_.size());
    if (is_new) sets_.push_back({others, event});
    return found->second;
  }

  std::vector<PartActivity::EventSet> take() && {
    sets_.shrink_to_fit();
    return std::move(sets_);
  }

 private:
  std::vector<PartActivity::EventSet> sets_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> number_of_;
};

// Walks the runs a block of customers after the other.
class BlockMarks {
 public:
  BlockMarks(const Part& part, TimeMs first_quarter_hour)
      : part_(part), first_(first_quarter_hour), places_(part.runs.size()) {}

  // The next block that has rows; nullopt: there is none.
  [[nodiscard]] std::optional<std::uint32_t> next_block() const {
    std::optional<std::uint32_t> next;
    for (std::size_t r = 0; r < places_.size(); ++r) {
      const auto blocks = part_.runs[r]->customers.blocks();
      if (places_[r] == blocks.size()) continue;
      if (!next || blocks[places_[r]].high < *next) next = blocks[places_[r]].high;
    }
    return next;
  }

  // The marks of that block by ascending customer, time and run; each pair once.
  std::span<const RunMark> read(std::uint32_t high) {
    gathered_.clear();
    for (std::size_t r = 0; r < places_.size(); ++r) {
      const auto blocks = part_.runs[r]->customers.blocks();
      if (places_[r] == blocks.size() || blocks[places_[r]].high != high) continue;
      const std::size_t begin = blocks[places_[r]].begin;
      ++places_[r];
      const std::size_t end =
          places_[r] < blocks.size() ? blocks[places_[r]].begin : part_.runs[r]->size();
      gather(static_cast<std::uint32_t>(r), begin, end);
    }
    group_by_customer();
    return marks_;
  }

 private:
  void gather(std::uint32_t run, std::size_t begin, std::size_t end) {
    const LiveRun& live = part_.runs[run];
    const auto lows = live->customers.lows();
    live->times.visit([&](const auto offsets) {
      for (std::size_t row = begin; row < end; ++row) {
        if (live.is_dead(row)) continue;
        const auto time = static_cast<TimeMs>((live->times.base() + offsets[row]) ^ Run::kSignBit);
        const auto quarter_hour = static_cast<std::uint32_t>(quarter_hour_of(time) - first_);
        const RunMark mark{std::uint32_t{lows[row]} << 16 | quarter_hour, run};
        if (gathered_.empty() || gathered_.back() != mark) gathered_.push_back(mark);
      }
    });
  }

  // Few marks are one customer's: they are brought together first, then sorted.
  void group_by_customer() {
    begins_.assign(kBlockCustomers + 1, 0);
    for (const RunMark& mark : gathered_) ++begins_[(mark.mark >> 16) + 1];
    for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
    marks_.resize(gathered_.size());
    for (const RunMark& mark : gathered_) marks_[begins_[mark.mark >> 16]++] = mark;
    for (std::size_t begin = 0; begin < marks_.size();) {
      const std::size_t end = begins_[marks_[begin].mark >> 16];  // Where the next one's began.
      if (end - begin > 1) {
        std::sort(marks_.begin() + static_cast<std::ptrdiff_t>(begin),
                  marks_.begin() + static_cast<std::ptrdiff_t>(end),
                  [](const RunMark& a, const RunMark& b) {
                    return a.mark != b.mark ? a.mark < b.mark : a.run < b.run;
                  });
      }
      begin = end;
    }
  }

  const Part& part_;
  TimeMs first_;
  std::vector<std::size_t> places_;  // By run: the next of its blocks.
  std::vector<RunMark> gathered_;
  std::vector<std::uint32_t> begins_;  // By customer.
  std::vector<RunMark> marks_;
};

}  // namespace

std::optional<PartActivity> PartActivity::of(const Part& part) {
  if (part.runs.empty()) return std::nullopt;
  const TimeMs first = quarter_hour_of(part.first);
  if (quarter_hour_of(part.last) - first >= kQuarterHours) return std::nullopt;
  PartActivity made;
  made.from_ = first * kQuarterHourMs;
  EventSets event_sets;
  std::vector<std::uint64_t> sets;
  BlockMarks blocks(part, first);
  while (const auto high = blocks.next_block()) {
    const auto marks = blocks.read(*high);
    if (marks.empty()) continue;
    made.blocks_.push_back({*high, static_cast<std::uint32_t>(made.marks_.size())});
    for (std::size_t i = 0; i < marks.size();) {
      const std::uint32_t mark = marks[i].mark;
      std::uint32_t set = 0;
      for (; i < marks.size() && marks[i].mark == mark; ++i) {
        set = event_sets.with(set, marks[i].run, part.runs[marks[i].run]->event);
      }
      made.marks_.push_back(mark);
      sets.push_back(set);
    }
  }
  made.marks_.shrink_to_fit();
  made.sets_ = PackedUints(sets);
  made.event_sets_ = std::move(event_sets).take();
  return made;
}

PartActivity::Stretch PartActivity::of_block(std::size_t block) const {
  const auto found = std::lower_bound(
      blocks_.begin(), blocks_.end(), block,
      [](const CustomerColumn::Block& each, std::size_t wanted) { return each.high < wanted; });
  if (found == blocks_.end() || found->high != block) return {0, 0};
  return {found->begin, found + 1 == blocks_.end() ? marks_.size() : (found + 1)->begin};
}

std::size_t PartActivity::bytes() const {
  return sizeof(PartActivity) + blocks_.capacity() * sizeof(CustomerColumn::Block) +
         marks_.capacity() * sizeof(std::uint32_t) + sets_.bytes() +
         event_sets_.capacity() * sizeof(EventSet);
}

const PartActivity* KeptActivity::of(const Part& part) const {
  if (!is_ready_.load(std::memory_order_acquire)) {
    std::call_once(once_, [&] {
      made_ = PartActivity::of(part);
      is_ready_.store(true, std::memory_order_release);
    });
  }
  return made_ ? &*made_ : nullptr;
}

std::size_t KeptActivity::bytes() const {
  return is_ready_.load(std::memory_order_acquire) && made_ ? made_->bytes() : 0;
}

}  // namespace grapevine
