#include <random>
#include <string>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/listen/bursts.hpp"
#include "kernels/listen/listen_reference.hpp"
#include "kernels/listen/mentions.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kBegin = 1'700'000'000'000 / kHour * kHour;

// Posts about products on channels over 20 days, most of them about one product on one day.
class ListenWorld {
 public:
  explicit ListenWorld(std::size_t events, std::size_t products = 40, std::uint64_t seed = 1)
      : random_(seed), store_(Store::open({}).value()) {
    for (std::size_t batch = 0; batch < 4; ++batch) {
      testing::BatchOf rows;
      for (std::size_t i = 0; i < events / 4; ++i) add(products, rows);
      EXPECT_TRUE(store_->append(std::move(rows.batch)).ok());
    }
    if (events > 100) {
      EXPECT_TRUE(store_->erase("c7", kBegin + 1000 * kHour).ok());
    }
  }
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const { return store_->snapshot(); }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  void add(std::size_t products, testing::BatchOf& rows) {
    constexpr const char* kChannels[] = {"web", "app", "blog"};
    const bool burst = below(5) == 0;
    const TimeMs time =
        kBegin + static_cast<TimeMs>(burst ? 400 * kHour + below(kHour) : below(480 * kHour));
    rows.event(time, below(3) == 0 ? "Post Shared" : "Post Created",
               "c" + std::to_string(below(50)));
    if (below(10) != 0) {
      const std::uint64_t product = burst ? 3 : below(products);
      rows.with("product_id", ("p" + std::to_string(product)).c_str());
    }
    if (below(10) != 0) rows.with("channel", kChannels[below(3)]);
    if (below(4) == 0) return;
    // Beyond ±1 too, and on both sides of a mood's bound.
    rows.with("sentiment", burst ? -0.7 : static_cast<double>(below(31)) / 10 - 1.5);
  }

  std::mt19937_64 random_;
  std::unique_ptr<Store> store_;
};

EventSelection posts(const Snapshot& snapshot) {
  EventSelection selection;
  selection.events = {snapshot.find_event("Post Created"), snapshot.find_event("Post Shared")};
  return selection;
}

EventSelection complaints(const Snapshot& snapshot) {
  EventSelection selection = posts(snapshot);
  ColumnRule negative{.column = column_id(CoreColumn::Sentiment), .test = {}};
  negative.test.real32 = {{-10.0F, -0.06F}};
  selection.where.push_back(negative);
  return selection;
}

constexpr TimeBuckets kBuckets[] = {{kBegin, kHour, 480},
                                    {kBegin + 7, 24 * kHour, 12},
                                    {kBegin - 100 * kHour, 1000 * kHour, 1},
                                    {kBegin + 100 * kHour, 200 * kHour, 1},
                                    {kBegin, 1, 3}};

TEST(Mentions, AgreeWithCountingEachRow) {
  for (const std::size_t rows : {4, 400, 6000}) {
    const ListenWorld world(rows);
    const auto snapshot = world.snapshot();
    for (const CoreColumn by : {CoreColumn::ProductId, CoreColumn::Channel, CoreColumn::Brand}) {
      for (const EventSelection& selection : {posts(*snapshot), complaints(*snapshot)}) {
        for (const TimeBuckets& buckets : kBuckets) {
          const auto found = count_mentions(*snapshot, selection, column_id(by), buckets, Stop());
          ASSERT_TRUE(found.ok()) << found.status();
          EXPECT_EQ(found->cells,
                    count_mentions_reference(*snapshot, selection, column_id(by), buckets).cells);
        }
      }
    }
  }
}

TEST(Mentions, RefuseMoreCellsThanTheyKeep) {
  const ListenWorld world(400);
  const auto snapshot = world.snapshot();
  const auto found = count_mentions(*snapshot, posts(*snapshot), column_id(CoreColumn::ProductId),
                                    {kBegin, 1, TimeBuckets::kCountMax}, Stop());
  EXPECT_TRUE(absl::IsInvalidArgument(found.status())) << found.status();
}

TEST(Bursts, AgreeWithAddingEachHistoryUp) {
  for (const std::size_t rows : {4, 400, 6000}) {
    const ListenWorld world(rows);
    const auto snapshot = world.snapshot();
    for (const std::size_t history : {1, 24, 300, 1000}) {
      for (const std::size_t most : {0, 1, 10, 100'000}) {
        const BurstQuestion question{.events = complaints(*snapshot),
                                     .subject = column_id(CoreColumn::ProductId),
                                     .place = column_id(CoreColumn::Channel),
                                     .buckets = kBuckets[0],
                                     .history = history,
                                     .most = most};
        const auto found = find_bursts(*snapshot, question, Stop());
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_EQ(*found, find_bursts_reference(*snapshot, question));
      }
    }
  }
}

TEST(Bursts, FindTheOneThatIsThere) {
  const ListenWorld world(6000);
  const auto snapshot = world.snapshot();
  const BurstQuestion question{.events = complaints(*snapshot),
                               .subject = column_id(CoreColumn::ProductId),
                               .place = column_id(CoreColumn::Channel),
                               .buckets = kBuckets[0],
                               .history = 24 * 7,
                               .most = 3};
  const auto found = find_bursts(*snapshot, question, Stop());
  ASSERT_TRUE(found.ok() && found->size() == 3) << found.status();
  const Dictionary& products = *snapshot->columns()[index(question.subject)].dictionary;
  for (const Burst& burst : *found) {  // A place each.
    EXPECT_EQ(products.at(burst.subject), "p3");
    EXPECT_EQ(burst.bucket, 400U);
    EXPECT_GT(burst.score, 10.0);
  }
}

TEST(Bursts, RefuseAQuestionWithoutAHistory) {
  const ListenWorld world(400);
  const auto snapshot = world.snapshot();
  BurstQuestion question{.events = posts(*snapshot),
                         .subject = column_id(CoreColumn::ProductId),
                         .place = column_id(CoreColumn::Channel),
                         .buckets = kBuckets[0],
                         .history = 0,
                         .most = 1};
  EXPECT_TRUE(absl::IsInvalidArgument(find_bursts(*snapshot, question, Stop()).status()));
  question.history = 1;
  question.place = column_id(CoreColumn::Value);
  EXPECT_TRUE(absl::IsInvalidArgument(find_bursts(*snapshot, question, Stop()).status()));
}

TEST(Listening, SameBitsForAnyNumberOfThreads) {
  const ListenWorld world(20'000, 3000);
  const auto snapshot = world.snapshot();
  const auto answers = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return std::pair(*count_mentions(*snapshot, posts(*snapshot), column_id(CoreColumn::ProductId),
                                     kBuckets[1], Stop()),
                     *find_bursts(*snapshot,
                                  {.events = complaints(*snapshot),
                                   .subject = column_id(CoreColumn::ProductId),
                                   .place = column_id(CoreColumn::Channel),
                                   .buckets = kBuckets[0],
                                   .history = 24,
                                   .most = 500},
                                  Stop()));
  };
  const auto expected = answers(1);
  for (const std::size_t threads : {2, 8}) {
    const auto found = answers(threads);
    EXPECT_EQ(found.first.cells, expected.first.cells);
    EXPECT_EQ(found.second, expected.second);
  }
}

}  // namespace
}  // namespace grapevine
