#include "kernels/listen/topic_rows.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/listen/mentions.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kBegin = 1'700'000'000'000;

// Every row that satisfies `chance`, of a run of `rows`.
std::vector<std::uint32_t> some_rows(std::size_t rows, unsigned one_in, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (random() % one_in == 0) chosen.push_back(row);
  }
  return chosen;
}

TEST(RowList, KeepsAndMarksWhatStandsInIt) {
  for (const std::size_t count : {1, 63, 64, 65, 511, 512, 513, 2000}) {
    for (const unsigned one_in : {1, 2, 7, 31, 200}) {
      SCOPED_TRACE(::testing::Message() << count << " rows, one in " << one_in);
      const auto rows = some_rows(count, one_in, count);
      const RowList list(rows, count);
      EXPECT_EQ(list.size(), rows.size());
      EXPECT_LE(list.bytes(), std::min(rows.size() * 4, (count + 63) / 64 * 8));
      std::vector<std::uint32_t> read;
      list.for_each([&](std::uint32_t row) { read.push_back(row); });
      EXPECT_EQ(read, rows);
      for (const std::size_t begin : {std::size_t{0}, count / 3}) {
        const RowRange range{begin, count - count / 5};
        std::vector<std::uint8_t> kept(range.end - range.begin, 1), marked(kept.size(), 0);
        kept.front() = 0;
        list.keep(range, kept);
        list.mark(range, marked);
        for (std::size_t i = 0; i < kept.size(); ++i) {
          const bool listed = std::binary_search(rows.begin(), rows.end(), begin + i);
          EXPECT_EQ(marked[i], listed) << i;
          EXPECT_EQ(kept[i], listed && i != 0) << i;
        }
      }
    }
  }
}

class TopicRowsTest : public ::testing::Test {
 protected:
  // Posts by several people, in parts and in what came last, some without a text.
  void post(std::size_t count) {
    constexpr const char* kTexts[] = {"I love Acme stoves",    "애플은 정말 좋다",
                                      "an apple pie by Apple", "nothing to see",
                                      "ACME and apple",        nullptr};
    std::mt19937_64 random(5);
    for (std::size_t done = 0; done < count; done += 1000) {
      testing::BatchOf rows;
      for (std::size_t i = done; i < std::min(count, done + 1000); ++i) {
        const std::string person = "c" + std::to_string(random() % 50);
        rows.event(kBegin + static_cast<TimeMs>(i), i % 3 == 0 ? "Post Shared" : "Post Created",
                   person.c_str());
        rows.with("channel", "web").with("sentiment", 0.5);
        if (const char* text = kTexts[random() % 6]) rows.with("text", text);
      }
      ASSERT_TRUE(store_->append(std::move(rows.batch)).ok());
    }
  }

  std::unique_ptr<Store> store_ = Store::open({}).value();
};

TEST_F(TopicRowsTest, RestrictASelection) {
  post(20'000);
  ASSERT_TRUE(store_->erase("c7", kBegin + 1'000'000).ok());
  const auto snapshot = store_->snapshot();
  const Phrase phrases[] = {{"acme", 0}, {"apple", 1}, {"애플", 1}, {"apple pie", 1, true}};
  const auto matcher = PhraseMatcher::build(phrases).value();
  const auto topics = match_texts(*snapshot, matcher, 2, Stop());
  ASSERT_TRUE(topics.ok()) << topics.status();
  const TimeBuckets buckets{kBegin, 100'000, 1};
  ColumnId channel{};
  ASSERT_NE(snapshot->find_column("channel", channel), nullptr);
  const auto count = [&](std::vector<std::size_t> about) {
    EventSelection selection{
        {snapshot->find_event("Post Created"), snapshot->find_event("Post Shared")}, {}, {}};
    for (const std::size_t topic : about) {
      selection.about.push_back(std::make_shared<const TopicRows>((*topics)[topic]));
    }
    return count_mentions(*snapshot, selection, channel, buckets, Stop())->at(0, 0).mentions;
  };
  // The same by a look at every text.
  std::size_t acme = 0, apple = 0, both = 0, all = 0;
  for (const auto& part : snapshot->parts()) {
    for (const LiveRun& run : part->runs) {
      const RunColumn* column = run->column(column_id(CoreColumn::Text));
      for (std::size_t row = 0; row < run->size(); ++row) {
        if (run.is_dead(row)) continue;
        ++all;
        if (column == nullptr || !column->has(row)) continue;
        TextReader reader(std::get<TextValues>(column->values));
        const std::string_view text = reader.at(row);
        const bool is_acme = text == "I love Acme stoves" || text == "ACME and apple";
        const bool is_apple = text == "애플은 정말 좋다" || text == "ACME and apple";
        acme += is_acme;
        apple += is_apple;
        both += is_acme && is_apple;
      }
    }
  }
  EXPECT_EQ(count({}), all);
  EXPECT_EQ(count({0}), acme);
  EXPECT_EQ(count({1}), apple);
  EXPECT_EQ(count({0, 1}), both);
  EXPECT_GT(both, 1000U);
}

TEST_F(TopicRowsTest, AreNoneOfRunsWithoutTexts) {
  testing::BatchOf rows;
  rows.event(kBegin, "Order Completed", "c1").with("value", 5.0);
  ASSERT_TRUE(store_->append(std::move(rows.batch)).ok());
  const auto snapshot = store_->snapshot();
  const Phrase phrases[] = {{"acme", 0}};
  const auto matcher = PhraseMatcher::build(phrases).value();
  const auto topics = match_texts(*snapshot, matcher, 1, Stop());
  ASSERT_TRUE(topics.ok());
  EXPECT_EQ(topics->front().rows(), 0U);
  EXPECT_EQ(topics->front().of(*snapshot->parts()[0]->runs[0]), nullptr);
}

TEST_F(TopicRowsTest, StopWhenNobodyWaits) {
  post(1000);
  const Phrase phrases[] = {{"acme", 0}};
  const auto matcher = PhraseMatcher::build(phrases).value();
  Stop stop;
  stop.request();
  EXPECT_TRUE(absl::IsCancelled(match_texts(*store_->snapshot(), matcher, 1, stop).status()));
}

}  // namespace
}  // namespace grapevine
