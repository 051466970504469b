#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kernels/cohort/pair_lanes.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/time_buckets.hpp"
#include "storage/part_activity.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The events of a selection, and whether its rows are all of them in its window. Immutable.
class ActiveEvents {
 public:
  ActiveEvents(const Snapshot& snapshot, const EventSelection& active);

  /// No rule and no clock.
  [[nodiscard]] bool are_plain() const { return are_plain_; }
  [[nodiscard]] bool has(EventNameId event) const {
    return index(event) < selected_.size() && selected_[index(event)];
  }

 private:
  bool are_plain_;
  std::vector<bool> selected_;  // By event.
};

/// The marks of a part's PartActivity in place of its rows: those of the quarter hours in a selection's
/// window that have one of its events. Valid as long as the part. Immutable.
class ActiveMarks {
 public:
  /// A quarter hour that is in no bucket.
  static constexpr std::uint8_t kNoBucket = 0xFF;

  /// nullopt: the rows must be read, because the window or the buckets begin within a quarter hour,
  /// or the part has no activity. Preconditions: events.are_plain(); at most kNoBucket buckets.
  /// Cost: makes the part's activity, the first time.
  static std::optional<ActiveMarks> of(const Part& part, const ActiveEvents& events,
                                       const EventSelection& active, const TimeBuckets& buckets);

  /// Calls `body(low, bucket, is_meant)` for each mark of block `block` of customers, by ascending
  /// customer and time: the customer's lower half, the bucket or kNoBucket, and 1 or 0.
  template <typename Body>
  void for_each(std::size_t block, const Body& body) const {
    const PartActivity::Stretch stretch = activity_->of_block(block);
    const std::uint32_t* const marks = activity_->marks().data();
    const std::uint8_t* const buckets = bucket_of_.data();
    const auto walk = [&](const auto& is_meant) {
      for (std::size_t i = stretch.begin; i < stretch.end; ++i) {
        body(marks[i] >> 16, buckets[marks[i] & 0xFFFF], is_meant(i));
      }
    };
    if (accepted_.empty()) return walk([](std::size_t) -> std::size_t { return 1; });
    activity_->sets().visit([&](const auto sets) {
      const std::uint8_t* const accepted = accepted_.data() + activity_->sets().base();
      walk([&](std::size_t i) -> std::size_t { return accepted[sets[i]]; });
    });
  }

  /// Whether each mark is meant and in a bucket.
  [[nodiscard]] bool are_inside() const { return are_inside_; }
  /// The marks of block `block` of customers, as PartActivity has them.
  [[nodiscard]] std::span<const std::uint32_t> of_block(std::size_t block) const {
    const PartActivity::Stretch stretch = activity_->of_block(block);
    return activity_->marks().subspan(stretch.begin, stretch.end - stretch.begin);
  }
  /// The number of the quarter hour that begins at `time`, one of the part's.
  [[nodiscard]] std::uint32_t quarter_hour_of(TimeMs time) const {
    return static_cast<std::uint32_t>((time - activity_->from()) / PartActivity::kQuarterHourMs);
  }
  /// nullopt: not all marks in buckets are meant, or the buckets are too long for a product.
  [[nodiscard]] const std::optional<MarkBuckets>& lanes() const { return lanes_; }

 private:
  explicit ActiveMarks(const PartActivity& activity) : activity_(&activity) {}

  const PartActivity* activity_;
  bool are_inside_ = false;
  std::optional<MarkBuckets> lanes_;
  std::vector<std::uint8_t> bucket_of_;  // By quarter hour.
  std::vector<std::uint8_t> accepted_;   // By set: 1 where it has a selected event. Empty: all do.
};

/// What is read of the parts to know who was active: marks where they are fewer than the rows.
struct ActiveSources {
  std::vector<ActiveMarks> marks;
  std::vector<const LiveRun*> runs;
  std::vector<const Part*> marked;  ///< The part of each of `marks`.

  /// Precondition: at most ActiveMarks::kNoBucket buckets.
  static ActiveSources of(std::span<const std::shared_ptr<const Part>> parts,
                          const ActiveEvents& events, const RowFilter& filter,
                          const TimeBuckets& buckets);
};

}  // namespace grapevine
