#include "kernels/listen/bursts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"
#include "kernels/segment/row_slices.hpp"
#include "kernels/segment/run_codes.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRowsTogether = 1024;
constexpr std::size_t kSeriesMax = std::size_t{1} << 24;

// One event that is meant: its series, and when.
struct Mark {
  std::uint32_t series;
  std::uint32_t bucket;
};

// Adds the rows of a slice that have both values.
void add_marks(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
               const BurstQuestion& question, std::size_t places, const BucketFinder& finder,
               std::vector<Mark>& marks) {
  const RunColumn* subject = run.column(question.subject);
  const RunColumn* place = run.column(question.place);
  if (subject == nullptr || place == nullptr) return;
  const PackedUints& subjects = *codes_of(subject);
  const PackedUints& codes = *codes_of(place);
  const std::uint64_t before =  // Wraps where the run begins later.
      (static_cast<std::uint64_t>(question.buckets.from) ^ Run::kSignBit) - run.times.base();
  // Rows that are meant are picked first, then those of them that have both values, without a branch:
  // nobody could guess which those are.
  std::array<std::uint32_t, kRowsTogether> picked;
  for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
    const std::size_t end = std::min(begin + kRowsTogether, rows.end);
    std::size_t meant = 0;
    for (std::size_t row = begin; row < end; ++row) {
      picked[meant] = static_cast<std::uint32_t>(row);
      meant += mask.empty() ? 1 : mask[row - rows.begin];
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < meant; ++i) {
      const std::uint32_t row = picked[i];
      picked[count] = row;
      count += static_cast<std::size_t>(subject->has(row) & place->has(row));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t row = picked[i];
      const std::uint64_t elapsed = run.times.at(row) - run.times.base() - before;
      if (elapsed >= finder.span()) continue;
      marks.push_back({static_cast<std::uint32_t>(subjects.at(row) * places + codes.at(row)),
                       static_cast<std::uint32_t>(finder.of(elapsed))});
    }
  }
}

// All marks, the slices' one after the other.
std::vector<Mark> collect_marks(const Snapshot& snapshot, const BurstQuestion& question,
                                std::size_t places, const Stop& stop) {
  EventSelection inside = question.events;
  inside.from = std::max(inside.from, question.buckets.from);
  inside.to = std::min(inside.to, question.buckets.to());
  const RowFilter filter(snapshot, inside);
  const BucketFinder finder(question.buckets);
  const std::vector<RowSlice> slices = slices_of(snapshot, filter);
  std::vector<std::vector<Mark>> of_slice(slices.size());
  WorkerLocal<std::vector<std::uint8_t>> scratch([] { return std::vector<std::uint8_t>(); });
  for_each(slices.size(), [&](std::size_t s) {
    if (stop.requested()) return;
    const auto& [live, rows] = slices[s];
    add_marks(**live, rows, filter.meant(*live, rows, scratch.mine()), question, places, finder,
              of_slice[s]);
  });
  std::vector<Mark> marks;
  for (const std::vector<Mark>& more : of_slice)
    marks.insert(marks.end(), more.begin(), more.end());
  return marks;
}

// Whether one of the buckets has so many events. `counts`: of each bucket, all 0, and 0 again when it
// returns.
bool has_bucket_of(std::span<const std::uint32_t> buckets, std::size_t least,
                   std::vector<std::uint32_t>& counts) {
  bool found = false;
  for (const std::uint32_t bucket : buckets) found |= ++counts[bucket] >= least;
  for (const std::uint32_t bucket : buckets) counts[bucket] = 0;
  return found;
}

double score_of(std::uint64_t count, double usual) {
  constexpr double kShift = 3.0 / 8.0;
  return 2.0 * (std::sqrt(static_cast<double>(count) + kShift) - std::sqrt(usual + kShift));
}

// The `most` bursts of those that are added, in whatever order: their order is total.
class BestBursts {
 public:
  BestBursts(const Dictionary& subjects, const Dictionary& places, std::size_t most)
      : is_before_{subjects, places}, most_(most) {
    if (most == 0) count_min_ = std::numeric_limits<std::size_t>::max();
  }

  /// Smaller counts are of no use: not even where nothing is usual is their score enough.
  [[nodiscard]] std::size_t count_min() const { return count_min_; }

  void add(const Burst& burst) {
    if (most_ == 0) return;
    if (heap_.size() == most_) {
      if (!is_before_(burst, heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end(), is_before_);
      heap_.pop_back();
    }
    heap_.push_back(burst);
    std::push_heap(heap_.begin(), heap_.end(), is_before_);
    if (heap_.size() < most_) return;
    while (score_of(count_min_, 0.0) < heap_.front().score) ++count_min_;
  }

  [[nodiscard]] const std::vector<Burst>& bursts() const { return heap_; }
  std::vector<Burst> take() && {
    std::sort_heap(heap_.begin(), heap_.end(), is_before_);
    return std::move(heap_);
  }

 private:
  struct IsBefore {
    const Dictionary& subjects;
    const Dictionary& places;

    bool operator()(const Burst& a, const Burst& b) const {
      if (a.score != b.score) return a.score > b.score;
      const std::string_view subject_a = subjects.at(a.subject), subject_b = subjects.at(b.subject);
      if (subject_a != subject_b) return subject_a < subject_b;
      const std::string_view place_a = places.at(a.place), place_b = places.at(b.place);
      return std::tie(place_a, a.bucket) < std::tie(place_b, b.bucket);
    }
  };

  IsBefore is_before_;
  std::size_t most_;
  std::size_t count_min_ = 1;
  std::vector<Burst> heap_;  // The last of them in front.
};

// Calls `body(bucket, count, usual)` for the buckets of one series that are judged and have an event;
// `buckets` has one for each of its events, ascending.
template <typename Body>
void judge(std::span<const std::uint32_t> buckets, std::size_t history, const Body& body) {
  std::size_t oldest = 0;  // The first event of the history.
  for (std::size_t begin = 0, end = 0; begin < buckets.size(); begin = end) {
    const std::size_t bucket = buckets[begin];
    while (end < buckets.size() && buckets[end] == bucket) ++end;
    if (bucket < history) continue;
    while (buckets[oldest] < bucket - history) ++oldest;
    body(bucket, end - begin, static_cast<double>(begin - oldest) / static_cast<double>(history));
  }
}

}  // namespace

absl::StatusOr<std::vector<Burst>> find_bursts(const Snapshot& snapshot,
                                               const BurstQuestion& question, const Stop& stop) {
  if (absl::Status valid = question.buckets.valid(); !valid.ok()) return valid;
  if (question.history == 0) return absl::InvalidArgumentError("a burst wants a history");
  for (const ColumnId column : {question.subject, question.place}) {
    if (absl::Status codes = check_codes(snapshot, question.events, column); !codes.ok()) {
      return codes;
    }
  }
  const Dictionary& subjects = *snapshot.columns()[index(question.subject)].dictionary;
  const Dictionary& place_names = *snapshot.columns()[index(question.place)].dictionary;
  const std::size_t places = place_names.size();
  const std::size_t series = subjects.size() * places;
  if (series > kSeriesMax) {
    return absl::InvalidArgumentError("more than 16777216 pairs of subject and place");
  }
  const std::vector<Mark> marks = collect_marks(snapshot, question, places, stop);
  if (stop.requested()) return absl::CancelledError("stopped while looking for bursts");

  std::vector<std::uint32_t> buckets(marks.size());
  const std::vector<std::size_t> begins = group_stably(
      marks.size(), series, [&](std::size_t i) { return marks[i].series; },
      [&](std::size_t i, std::size_t place) { buckets[place] = marks[i].bucket; });

  WorkerLocal<BestBursts> best([&] { return BestBursts(subjects, place_names, question.most); });
  WorkerLocal<std::vector<std::uint32_t>> counts(
      [&] { return std::vector<std::uint32_t>(question.buckets.count); });
  constexpr std::size_t kSeriesTogether = 1024;
  for_each_block(series, kSeriesTogether, [&](std::size_t first, std::size_t last) {
    BestBursts& mine = best.mine();
    for (std::size_t s = first; s < last; ++s) {
      const auto times = std::span(buckets).subspan(begins[s], begins[s + 1] - begins[s]);
      if (times.size() < mine.count_min()) continue;
      if (!has_bucket_of(times, mine.count_min(), counts.mine())) continue;
      std::sort(times.begin(), times.end());
      judge(times, question.history, [&](std::size_t bucket, std::size_t count, double usual) {
        if (count < mine.count_min()) return;
        mine.add({static_cast<std::uint32_t>(s / places), static_cast<std::uint32_t>(s % places),
                  bucket, count, usual, score_of(count, usual)});
      });
    }
  });
  BestBursts all(subjects, place_names, question.most);
  best.for_each_made([&](const BestBursts& some) {
    for (const Burst& burst : some.bursts()) all.add(burst);
  });
  return std::move(all).take();
}

}  // namespace grapevine
