#include "api/live/recompute_sentiment.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "kernels/text/sentiment.hpp"
#include "storage/derived_columns.hpp"
#include "storage/schema.hpp"
#include "storage/texts_to_score.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

using testing::BatchOf;

constexpr const char* kTexts[] = {"I love it!",    "배송이 너무 늦어요", "12345",
                                  "broken, awful", "정말 좋아요",        ""};

// What the rows of a store say, by text.
std::map<std::string, std::optional<float>> scores_of(const Store& store) {
  std::map<std::string, std::optional<float>> scores;
  const auto snapshot = store.snapshot();
  for (const auto& part : snapshot->parts()) {
    for (const LiveRun& run : part->runs) {
      const RunColumn* const text = run->column(column_id(CoreColumn::Text));
      const RunColumn* const column = run->column(column_id(CoreColumn::Sentiment));
      TextReader reader(std::get<TextValues>(text->values));
      for (std::size_t row = 0; row < run->size(); ++row) {
        auto& score = scores[std::string(reader.at(row))];
        if (column != nullptr && column->has(row)) {
          score = static_cast<float>(std::get<RealValues>(column->values).at(row));
        }
      }
    }
  }
  return scores;
}

std::unique_ptr<Store> store_of_old_scores(int rows) {
  auto store = Store::open({});
  EXPECT_TRUE(store.ok());
  BatchOf batch;
  for (int i = 0; i < rows; ++i) {
    batch.event(i, i % 2 == 0 ? "Post Created" : "Ticket Opened", "c" + std::to_string(i % 7))
        .with("text", kTexts[i % std::size(kTexts)])
        .with("sentiment", 0.123)
        .with("sentiment_model", "a model of before");
  }
  EXPECT_TRUE((*store)->append(std::move(batch.batch)).ok());
  return *std::move(store);
}

TEST(RecomputeSentiment, GivesTextsTheScoresOfToday) {
  const auto store = store_of_old_scores(9000);
  EXPECT_EQ(texts_of_other_models(*store), 9000);
  const Stop stop;
  const auto done = recompute_sentiment(*store, stop);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->texts, 9000);
  EXPECT_EQ(done->changed, 9000);  // No score is 0.123.
  EXPECT_EQ(done->snapshot, store->snapshot()->number());
  EXPECT_EQ(stop.progress(), 1.0);
  std::map<std::string, std::optional<float>> expected;
  for (const char* const text : kTexts) {
    const auto score = sentiment(text).score;
    expected[text] = score ? std::optional(static_cast<float>(*score)) : std::nullopt;
  }
  EXPECT_EQ(scores_of(*store), expected);
  EXPECT_EQ(texts_of_other_models(*store), 0);

  const auto again = recompute_sentiment(*store, stop);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->texts, 0);
  EXPECT_EQ(again->snapshot, done->snapshot);
}

TEST(RecomputeSentiment, KeepsWhatWasSent) {
  auto store = Store::open({});
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)
                  ->append(BatchOf()
                               .event(1, "Post Created", "ann")
                               .with("text", "I love it!")
                               .with("sentiment", -1.0)
                               .batch)
                  .ok());
  const auto done = recompute_sentiment(**store, Stop());
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->texts, 0);
  EXPECT_EQ(scores_of(**store).at("I love it!"), -1.0F);
}

TEST(RecomputeSentiment, EveryScoreIsATenThousandth) {
  for (const char* const text : kTexts) {
    const auto score = sentiment(text).score;
    if (score) {
      EXPECT_EQ(static_cast<double>(std::lround(*score * 10000)) / 10000.0, *score) << text;
    }
  }
}

TEST(RecomputeSentiment, StopsWhenItIsTold) {
  const auto store = store_of_old_scores(100);
  Stop stop;
  stop.request();
  EXPECT_TRUE(absl::IsCancelled(recompute_sentiment(*store, stop).status()));
  EXPECT_EQ(texts_of_other_models(*store), 100);
}

}  // namespace
}  // namespace grapevine
