// The mood of a text that came without one, on every way in.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/routes/collect.hpp"
#include "kernels/text/sentiment.hpp"
#include "storage/derived_columns.hpp"
#include "storage/schema.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

constexpr char kPraise[] = "I love this tent, it is great!";

// The score that a row's column holds, four digits behind the point.
double score_of(const TextRow& row) {
  const auto found = row.find("sentiment");
  return found == row.end() ? -9.0 : std::stod(found->second);
}

void expect_computed(const TextRow& row, const std::string& text) {
  const auto score = sentiment(text).score;
  ASSERT_TRUE(score);
  EXPECT_NEAR(score_of(row), *score, 1e-6) << text;
  EXPECT_THAT(row,
              Contains(Pair(std::string(kSentimentModelColumn), std::string(kSentimentModel))));
}

std::string track(const std::string& properties) {
  return R"({"type":"track","userId":"u1","event":"Post Created","timestamp":"2026-01-01T00:00:00Z",)"
         R"("properties":)" +
         properties + "}";
}

TEST(SentimentAtIngest, IsComputedWhereNoneWasSent) {
  Collecting collecting;
  collecting.post(collect_track, track("{\"text\":\"" + std::string(kPraise) + "\"}"));
  collecting.post(collect_track, track(R"({"text":"배송이 너무 늦고 최악이에요"})"));
  const auto rows = collecting.events();
  ASSERT_EQ(rows.size(), 2U);
  expect_computed(rows[0], kPraise);
  EXPECT_GT(score_of(rows[0]), 0.5);
  expect_computed(rows[1], "배송이 너무 늦고 최악이에요");
  EXPECT_LT(score_of(rows[1]), -0.3);
}

TEST(SentimentAtIngest, LeavesWhatWasSent) {
  Collecting collecting;
  collecting.post(collect_track, track(R"({"text":"I love it","sentiment":-0.25})"));
  collecting.post(collect_track, track(R"({"sentiment":"0.5","text":"I hate it"})"));
  const auto rows = collecting.events();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(score_of(rows[0]), -0.25);
  EXPECT_EQ(score_of(rows[1]), 0.5);
  for (const TextRow& row : rows) EXPECT_THAT(row, Not(Contains(Key("sentiment_model"))));
}

TEST(SentimentAtIngest, TakesForNotSentWhatIsNoNumber) {
  Collecting collecting;
  collecting.post(collect_track, track(R"({"text":"I love it","sentiment":null})"));
  collecting.post(collect_track, track(R"({"text":"I love it","sentiment":"good"})"));
  const auto rows = collecting.events();
  ASSERT_EQ(rows.size(), 2U);
  for (const TextRow& row : rows) expect_computed(row, "I love it");
  EXPECT_THAT(rows[1], Contains(Pair("properties.sentiment", "good")));
}

TEST(SentimentAtIngest, IsNullWhereItIsUnknownAndSaysWhoLooked) {
  Collecting collecting;
  for (const char* text : {"", "12345", "これはとても良い"}) {
    collecting.post(collect_track, track("{\"text\":\"" + std::string(text) + "\"}"));
  }
  const auto rows = collecting.events();
  ASSERT_EQ(rows.size(), 3U);
  for (const TextRow& row : rows) {
    EXPECT_THAT(row, Not(Contains(Key("sentiment"))));
    EXPECT_THAT(row, Contains(Key("sentiment_model")));
  }
}

TEST(SentimentAtIngest, IsNothingWithoutAText) {
  Collecting collecting;
  collecting.post(collect_track, track(R"({"value":1})"));
  EXPECT_THAT(collecting.events().at(0), Not(Contains(Key("sentiment_model"))));
  const auto snapshot = collecting.store().snapshot();
  ColumnId column{};
  EXPECT_EQ(snapshot->find_column(kSentimentModelColumn, column), nullptr);
}

TEST(SentimentAtIngest, IsOfTheTextThatIsKept) {
  Collecting collecting;
  std::string text;
  while (text.size() < 4096) text += "this is awful and bad ";
  const std::string kept = text.substr(0, 4096);
  for (int i = 0; i < 500; ++i) text += "wonderful love great ";
  collecting.post(collect_track, track("{\"text\":\"" + text + "\"}"));
  const auto rows = collecting.events();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("text"), kept);
  expect_computed(rows[0], kept);
  EXPECT_LT(score_of(rows[0]), 0);
}

TEST(SentimentAtIngest, IsTheSameOnEveryWayIn) {
  Collecting collecting;
  const std::string call = track("{\"text\":\"" + std::string(kPraise) + "\"}");
  collecting.post(collect_batch, "{\"batch\":[" + call + "]}");
  collecting.import(call + "\n", {{"table", "events"}, {"import_id", "i1"}});
  collecting.import("ts,event,customer_id,text\n2026-01-01T00:00:00Z,Post Created,u1,\"" +
                        std::string(kPraise) + "\"\n",
                    {{"table", "events"}, {"import_id", "i2"}, {"format", "csv"}});
  collecting.post(collect_cloud_events,
                  R"({"specversion":"1.0","id":"1","source":"https://m/","type":"t","data":
                      {"type":"Create","actor":"ann","object":{"type":"Note","id":"n1",
                       "content":"<p>I love this tent, it is great!</p>"}}})",
                  {{"content-type", "application/cloudevents+json"}});
  const auto rows = collecting.events();
  ASSERT_EQ(rows.size(), 4U);
  for (const TextRow& row : rows) expect_computed(row, kPraise);
}

TEST(SentimentAtIngest, IsStoredBeyondTheLimitOfColumns) {
  StoreOptions options;
  options.event_columns_max = kCoreColumns.size() + 1;
  Collecting collecting(options);
  collecting.post(collect_track, track(R"({"first":1})"));
  collecting.post(collect_track, track(R"({"text":"I love it"})"));
  const auto rows = collecting.events();
  ASSERT_EQ(rows.size(), 2U);
  expect_computed(rows[1], "I love it");
}

}  // namespace
}  // namespace grapevine
