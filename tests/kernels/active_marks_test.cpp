// Kernels of who was active when, over parts that are merged and large enough for an activity.
#include "kernels/cohort/active_marks.hpp"

#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/cohort/active_people.hpp"
#include "kernels/cohort/cohort_reference.hpp"
#include "kernels/cohort/retention.hpp"
#include "storage/part_builder.hpp"
#include "storage/part_tiers.hpp"
#include "storage/store_state.hpp"
#include "storage/time_span.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kDay = 24 * kHour;
constexpr TimeMs kBegin = TimeMs{2810} * kTimeSpanMs;  // A Thursday.
constexpr TimeMs kWeeks = 4;

// Four weeks of sessions, merged as the store merges; then few more events, late and after them.
class MergedWorld {
 public:
  explicit MergedWorld(std::size_t customers, std::size_t late)
      : customers_(customers), state_(StoreOptions{}, ErasedIds::Key{}) {
    append(0, kWeeks * 7 * kDay, 15'000);
    merge();
    append(0, kWeeks * 7 * kDay, late);
    append(kWeeks * 7 * kDay, kDay, late);
    snapshot_ = state_.publish();
  }
  [[nodiscard]] const Snapshot& snapshot() const { return *snapshot_; }

 private:
  void append(TimeMs begin, TimeMs span, std::size_t sessions) {
    testing::BatchOf batch;
    for (std::size_t i = 0; i < sessions; ++i) {
      const std::string id = "c" + std::to_string(random_() % customers_);
      TimeMs time =
          kBegin + begin + static_cast<TimeMs>(random_() % static_cast<std::uint64_t>(span));
      for (std::size_t events = 1 + random_() % 4; events > 0; --events) {
        batch.event(time, "e" + std::to_string(random_() % 12 % 9), id);
        time += static_cast<TimeMs>(random_() % 40) * 60'000;
      }
    }
    state_.apply(batch.batch, next_);
    next_ += batch.batch.events.size();
  }
  void merge() {
    for (;;) {
      auto begun = due_merge(state_.parts());
      if (begun.empty()) begun = tidy_merge(state_.parts());
      if (begun.empty()) return;
      ASSERT_TRUE(state_.exchange_parts(begun, merge_parts(begun, state_.strings())));
    }
  }

  std::size_t customers_;
  std::uint64_t next_ = 1;
  std::mt19937_64 random_{23};
  StoreState state_;
  std::shared_ptr<const Snapshot> snapshot_;
};

EventSelection events(const Snapshot& snapshot, std::size_t begin, std::size_t end,
                      TimeMs from = INT64_MIN, TimeMs to = INT64_MAX) {
  EventSelection selection;
  for (std::size_t i = begin; i < end; ++i) {
    selection.events.push_back(snapshot.find_event("e" + std::to_string(i)));
  }
  selection.from = from;
  selection.to = to;
  return selection;
}

// All events; many; few; none; windows that begin and end with quarter hours and within them.
std::vector<EventSelection> selections(const Snapshot& snapshot) {
  return {events(snapshot, 0, 9),
          events(snapshot, 2, 9),
          events(snapshot, 0, 1),
          events(snapshot, 0, 0),
          events(snapshot, 0, 9, kBegin + kDay + 15 * 60'000, kBegin + 12 * kDay + 45 * 60'000),
          events(snapshot, 1, 8, kBegin + 8 * kDay, kBegin + 9 * kDay),
          events(snapshot, 0, 9, kBegin + kDay + 1, kBegin + 12 * kDay)};
}

// Of all lengths that are whole quarter hours; within quarter hours; many more than fit together.
const std::vector<TimeBuckets>& buckets() {
  static const std::vector<TimeBuckets> all{{kBegin, kHour, kWeeks * 7 * 24},
                                            {kBegin - 5 * kDay, kDay, 40},
                                            {kBegin + 45 * 60'000, kHour / 4, 1500},
                                            {kBegin + 30 * 60'000, 75 * 60'000, 300},
                                            {kBegin - 3 * kDay, 7 * kDay, 6},
                                            {kBegin + 10 * kDay, 7 * kDay, 2},
                                            {kBegin - 300 * kDay, 400 * kDay, 3},
                                            {kBegin + 60'000, kHour, 200},
                                            {kBegin, 20 * 60'000, 500}};
  return all;
}

CustomerSet every_third(const Snapshot& snapshot) {
  CustomerSet set(snapshot.customers().count());
  for (std::uint32_t i = 0; i < set.customers(); i += 3) set.add(CustomerId(i));
  return set;
}

TEST(ActiveMarks, SayWhatTheRowsSay) {
  for (const auto& [customers, late] : {std::pair<std::size_t, std::size_t>{40, 0},
                                        {9000, 0},
                                        {9000, 40},
                                        {9000, 4000},
                                        {70'000, 900}}) {
    SCOPED_TRACE(::testing::Message() << customers << " customers, late " << late);
    const MergedWorld world(customers, late);
    const Snapshot& snapshot = world.snapshot();
    const CustomerSet some = every_third(snapshot);
    for (const EventSelection& selection : selections(snapshot)) {
      for (const TimeBuckets& each : buckets()) {
        for (const CustomerSet* among : {static_cast<const CustomerSet*>(nullptr), &some}) {
          const auto found = count_active_people(snapshot, selection, each, among, Stop());
          ASSERT_TRUE(found.ok()) << found.status();
          EXPECT_EQ(*found, count_active_people_reference(snapshot, selection, each, among));
        }
        if (each.count > Retention::kPeriodsMax) continue;
        const auto found = count_retention(snapshot, selection, each, Stop());
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_EQ(found->people, count_retention_reference(snapshot, selection, each).people);
      }
    }
  }
}

// Or the test above tells nothing of them.
TEST(ActiveMarks, AreReadInPlaceOfManyRows) {
  const MergedWorld world(9000, 0);
  const Snapshot& snapshot = world.snapshot();
  const auto marked_parts = [&](const EventSelection& selection, const TimeBuckets& of) {
    const RowFilter filter(snapshot, selection);
    const auto sources =
        ActiveSources::of(snapshot.parts(), ActiveEvents(snapshot, selection), filter, of);
    return sources.marks.size();
  };
  const TimeBuckets days{kBegin, kDay, 28};
  const EventSelection all = events(snapshot, 0, 9);
  EXPECT_GE(marked_parts(all, days), static_cast<std::size_t>(kWeeks));
  EXPECT_EQ(marked_parts(events(snapshot, 0, 1), days), 0U) << "a run has fewer rows";
  EXPECT_EQ(marked_parts(all, {kBegin + 1, kDay, 28}), 0U) << "buckets cut quarter hours";
  const EventSelection later = events(snapshot, 0, 9, kBegin + kDay + 1);
  EXPECT_EQ(marked_parts(later, days), marked_parts(all, days) - 1) << "a window cuts one";
}

TEST(ActiveMarks, SameBitsForAnyNumberOfThreads) {
  const auto answers = [](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    const MergedWorld world(70'000, 900);  // Whose activities are made then.
    const EventSelection all = events(world.snapshot(), 0, 9);
    return std::pair(*count_active_people(world.snapshot(), all, buckets()[0], nullptr, Stop()),
                     count_retention(world.snapshot(), all, buckets()[4], Stop())->people);
  };
  const auto expected = answers(1);
  EXPECT_EQ(answers(2), expected);
  EXPECT_EQ(answers(8), expected);
}

}  // namespace
}  // namespace grapevine
