#include "api/live/verdict_index.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "storage/text_values.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kBegin = 1'700'000'000'000;
constexpr TimeMs kDay = 86'400'000;
constexpr TimeMs kEver = std::numeric_limits<TimeMs>::max();
constexpr const char* kTexts[] = {"the kettle exploded", "where can I buy it?", "lovely",
                                  "배송이 너무 늦어요",  "it is a chair",       ""};

class VerdictIndexTest : public ::testing::Test {
 protected:
  void say(int rows) {
    testing::BatchOf batch;
    for (int i = 0; i < rows; ++i) {
      const TimeMs ts = kBegin + static_cast<TimeMs>(random_() % 30) * kDay;
      batch.event(ts, random_() % 3 == 0 ? "Post Created" : "Product Reviewed",
                  "c" + std::to_string(random_() % 50));
      if (random_() % 4 != 0) batch.with("text", kTexts[random_() % 6]);
    }
    ASSERT_TRUE(store_->append(std::move(batch.batch)).ok());
  }
  // Each living row's verdict is that of its text, looked at alone.
  void expect_exact(TimeMs from = 0) {
    const auto snapshot = store_->snapshot();
    const auto found = index_.of(*snapshot, from, kEver, Stop());
    ASSERT_TRUE(found.ok());
    std::vector<FoundSign> scratch;
    for (const auto& part : snapshot->parts()) {
      for (const LiveRun& live : part->runs) {
        const RunColumn* column = live->column(column_id(CoreColumn::Text));
        if (column == nullptr || live->last < from) continue;
        const auto& rows = *found->at(&*live);
        ASSERT_EQ(rows.size(), live->size());
        TextReader texts(std::get<TextValues>(column->values));
        for (std::size_t row = 0; row < rows.size(); ++row) {
          const TextVerdict wanted =
              column->has(row) ? TextVerdict(texts.at(row), scratch) : TextVerdict::of_no_text();
          ASSERT_EQ(rows[row], wanted) << row;
        }
      }
    }
  }

  std::mt19937_64 random_{1};
  std::unique_ptr<Store> store_ = Store::open({}).value();
  VerdictIndex index_;
};

TEST_F(VerdictIndexTest, KnowsEveryTextOfEverySnapshot) {
  for (int round = 0; round < 20; ++round) {
    say(700);
    if (round % 5 == 2) {
      ASSERT_TRUE(store_->erase("c" + std::to_string(round), kBegin + 31 * kDay).ok());
    }
    expect_exact();
  }
}

TEST_F(VerdictIndexTest, ReadsATextOnce) {
  say(2000);
  expect_exact();
  const std::uint64_t read = index_.texts_read();
  EXPECT_GT(read, 1000U);
  expect_exact();
  EXPECT_EQ(index_.texts_read(), read);
  for (int round = 0; round < 40; ++round) say(50);  // Runs that merges make anew.
  expect_exact();
  EXPECT_LE(index_.texts_read(), read + 2000);
}

TEST_F(VerdictIndexTest, ForgetsTheOldestSequencesAndIsRightStill) {
  VerdictIndex small(0);
  say(500);
  const auto snapshot = store_->snapshot();
  const auto all = small.of(*snapshot, 0, kEver, Stop());
  const auto known = index_.of(*snapshot, 0, kEver, Stop());
  ASSERT_TRUE(all.ok() && known.ok());
  ASSERT_EQ(all->size(), known->size());
  for (const auto& [run, rows] : *all) EXPECT_EQ(*rows, *known->at(run));
}

TEST_F(VerdictIndexTest, FollowsFromWhenSomebodyAsked) {
  say(500);
  ASSERT_TRUE(index_.follow(*store_->snapshot(), Stop()).ok());
  EXPECT_EQ(index_.texts_read(), 0U);
  expect_exact(kBegin + 20 * kDay);
  const std::uint64_t read = index_.texts_read();
  EXPECT_GT(read, 0U);
  say(500);
  ASSERT_TRUE(index_.follow(*store_->snapshot(), Stop()).ok());
  EXPECT_GT(index_.texts_read(), read);
  Stop stopped;
  stopped.request();
  say(500);
  EXPECT_TRUE(absl::IsCancelled(index_.of(*store_->snapshot(), 0, kEver, stopped).status()));
  expect_exact();
}

}  // namespace
}  // namespace grapevine
