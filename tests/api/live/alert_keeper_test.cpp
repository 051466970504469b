#include "api/live/alerts/alert_keeper.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/live/alert_keeper_fixture.hpp"

namespace grapevine {
namespace {

using testing::BatchOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TopicDocument theme(std::vector<std::string> phrases) {
  TopicDocument topic;
  topic.phrases = std::move(phrases);
  return topic;
}

TopicDocument acme(std::vector<std::string> phrases) {
  TopicDocument topic = theme(std::move(phrases));
  topic.kind = TopicKind::Brand;
  topic.brand = "Acme";
  return topic;
}

TopicDocument tent() {
  TopicDocument topic = theme({"tent"});
  topic.kind = TopicKind::Product;
  topic.product_id = "p1";
  return topic;
}

TEST_F(AlertKeeperTest, TellsABurstWhileItFillsAndThatItIsOver) {
  usual(3);
  advance(kBegin + 3 * kDay);
  EXPECT_THAT(alerts(), IsEmpty());
  const TimeMs begin = kBegin + 3 * kDay + kHour;
  burst(begin);
  advance(begin + 30 * 10'000);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 open"));
  const AlertDocument alert = all_alerts(*store_->snapshot()).front();
  EXPECT_GT(alert.opened.score, BurstDetector::kAlarm);
  EXPECT_GT(static_cast<double>(alert.opened.count), 3.0 * alert.opened.expected);
  EXPECT_LE(alert.since, begin);
  EXPECT_GE(alert.ts, begin);
  EXPECT_FALSE(alert.closed);

  advance(begin + 20 * kHour);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 closed"));
  const AlertDocument over = all_alerts(*store_->snapshot()).front();
  EXPECT_GT(over.closed->ts, alert.ts);
  EXPECT_LT(over.closed->ts, begin + 10 * kHour);
}

TEST_F(AlertKeeperTest, SaysNothingTwice) {
  usual(3);
  const TimeMs begin = kBegin + 3 * kDay + kHour;
  burst(begin);
  advance(begin + kHour);
  ASSERT_EQ(alerts().size(), 1U);
  for (int i = 1; i < 20; ++i) {  // It goes on and on.
    burst(begin + i * kHour);
    advance(begin + i * kHour + 30 * kMinute);
  }
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 open"));
}

TEST_F(AlertKeeperTest, SurvivesARestart) {
  const std::string folder =
      std::filesystem::path(::testing::TempDir()) / "grapevine_alert_keeper_test";
  std::filesystem::remove_all(folder);
  open({.folder = folder});
  usual(3);
  const TimeMs begin = kBegin + 3 * kDay + kHour;
  burst(begin);
  advance(begin + kHour);
  const auto before = all_alerts(*store_->snapshot());
  ASSERT_EQ(before.size(), 1U);

  open({.folder = folder});
  advance(begin + kHour);
  burst(begin + kHour);
  advance(begin + kHour + 10 * kMinute);
  const auto after = all_alerts(*store_->snapshot());
  ASSERT_EQ(after.size(), 1U);
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].id, before[i].id);
    EXPECT_EQ(after[i].ts, before[i].ts);
    EXPECT_EQ(after[i].status(), AlertStatus::Open);
  }
  // What came while nobody watched is told, and what ended meanwhile is closed.
  keeper_.reset();
  usual(3, begin + 2 * kDay);
  burst(begin + 5 * kDay + kHour);
  keep();
  advance(begin + 5 * kDay + 2 * kHour);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +194 open", "p1/web/negative +73 closed"));
  std::filesystem::remove_all(folder);
}

// History that is imported is watched as it would have been, also behind what is newer.
TEST_F(AlertKeeperTest, FindsBurstsOfThePast) {
  usual(1, kBegin + 30 * kDay);
  advance(kBegin + 31 * kDay);
  usual(3);
  burst(kBegin + 3 * kDay + kHour);
  advance(kBegin + 31 * kDay);
  EXPECT_THAT(alerts(), IsEmpty());  // More may come.
  advance(kBegin + 31 * kDay + 100);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 closed"));
  keep();
  advance(kBegin + 31 * kDay + 200);
  EXPECT_EQ(alerts().size(), 1U);
}

TEST_F(AlertKeeperTest, RowsOfTheFutureWaitForTheirTime) {
  usual(3);
  advance(kBegin + 3 * kDay);
  const TimeMs begin = kBegin + 3 * kDay + 5 * kHour;
  burst(begin);
  advance(begin - 1);
  EXPECT_THAT(alerts(), IsEmpty());
  advance(begin + kHour);
  EXPECT_EQ(alerts().size(), 1U);
}

TEST_F(AlertKeeperTest, KnowsBrandsProductsChannelsAndMoods) {
  usual(3);
  advance(kBegin + 3 * kDay);
  const TimeMs begin = kBegin + 3 * kDay + kHour;
  BatchOf batch;
  for (int i = 0; i < 30; ++i) {
    const TimeMs ts = begin + i * 1000;
    batch.event(ts, "Customer Mentioned", "a").with("brand", "B").with("sentiment", 0.9);
    batch.event(ts, "Page Viewed", "a").with("brand", "Viewed").with("channel", "web");
    batch.event(ts, "Product Reviewed", "a").with("brand", "R").with("text", "so so");
    batch.event(ts, "Post Created", "a").with("channel", "web").with("sentiment", -0.9);
    batch.event(ts, "Post Liked", "a")
        .with("brand", "N")
        .with("sentiment", 0.05)
        .with("channel", "x");
  }
  append(batch);
  advance(begin + kMinute);
  EXPECT_THAT(alerts(),
              ElementsAre("B/-/positive +73 open", "N/x/all +73 open", "R/-/all +73 open"));
}

TEST_F(AlertKeeperTest, WatchesTopics) {
  put_topic("delivery", theme({"delivery", "parcel"}));
  put_topic("parcels", theme({"parcel"}));
  advance(kBegin);
  talk_of("where is my parcel", 3);
  advance(kBegin + 3 * kDay + 2 * kHour);
  EXPECT_THAT(alerts(), ElementsAre("#delivery/-/all +73 open", "#parcels/-/all +73 open"));
  ASSERT_TRUE(store_->put_document(kTopicDocuments, "parcels", "").ok());
  settle(kBegin + 3 * kDay + 3 * kHour);
  EXPECT_THAT(alerts(), ElementsAre("#delivery/-/all +73 open", "#parcels/-/all +73 closed"));
}

// A topic that speaks for a brand is told as the brand, once, with what names it.
TEST_F(AlertKeeperTest, TopicsOfBrandsAreTheirSeries) {
  put_topic("acme", acme({"acme"}));
  put_topic("acme_en", acme({"acme inc"}));
  put_topic("tent", tent());
  advance(kBegin);
  usual(3);
  BatchOf batch;
  const TimeMs begin = kBegin + 3 * kDay + kHour;
  for (int i = 0; i < 30; ++i) {
    batch.event(begin + i * 1000, "Post Created", "a").with("text", "acme inc is slow");
    batch.event(begin + i * 1000, "Post Created", "b").with("text", "acme");
    batch.with("brand", "Acme");
    batch.event(begin + i * 1000, "Post Created", "c").with("text", "acme");
    batch.with("brand", "Other").with("channel", "app");
    batch.event(begin + i * 1000, "Post Created", "d")
        .with("text", "the tent")
        .with("channel", "x");
  }
  append(batch);
  advance(begin + kMinute);
  EXPECT_THAT(alerts(),
              ElementsAre("Acme/-/all +73 open", "Other/app/all +73 open", "p1/x/all +73 open"));
  for (const AlertDocument& alert : all_alerts(*store_->snapshot()))
    EXPECT_LT(alert.opened.count, 30U);
}

TEST_F(AlertKeeperTest, ATopicsPastIsKnownButNotTold) {
  const std::string folder =
      std::filesystem::path(::testing::TempDir()) / "grapevine_alert_topics_test";
  std::filesystem::remove_all(folder);
  open({.folder = folder});
  advance(kBegin);
  talk_of("where is my parcel", 3);
  talk_of("acme", 3, kBegin + kMinute);
  advance(kBegin + 3 * kDay + 2 * kHour);
  put_topic("delivery", theme({"parcel"}));
  put_topic("acme", acme({"acme"}));
  settle(kBegin + 3 * kDay + 3 * kHour);
  EXPECT_THAT(alerts(), IsEmpty());
  open({.folder = folder});
  advance(kBegin + 3 * kDay + 3 * kHour);
  EXPECT_THAT(alerts(), IsEmpty());
  talk_of("where is my parcel", 2, kBegin + 4 * kDay);
  advance(kBegin + 6 * kDay + 2 * kHour);
  EXPECT_THAT(alerts(), ElementsAre("#delivery/-/all +145 open"));
  // Changed, it is another series with a past of its own.
  put_topic("delivery", theme({"acme"}));
  settle(kBegin + 6 * kDay + 3 * kHour);
  EXPECT_THAT(alerts(), ElementsAre("#delivery/-/all +145 closed"));
  std::filesystem::remove_all(folder);
}

// Whoever dies between a write and its round tells it after the start, in the past and the present.
TEST_F(AlertKeeperTest, ABacklogIsToldOnceWhereverItIsCut) {
  const auto history = [&](TimeMs from) {
    BatchOf batch;
    for (int product = 0; product < 40; ++product) {
      const std::string name = "p" + std::to_string(100 + product);
      for (int hour = 0; hour < 72; ++hour) say(batch, from + hour * kHour, -0.6, name.c_str());
      for (int i = 0; i < 30; ++i) {
        say(batch, from + 3 * kDay + product * kHour + i * 1000, -0.6, name.c_str());
      }
    }
    append(batch);
  };
  std::vector<std::string> expected;
  for (int cut = 0; cut < 8; ++cut) {
    const std::string folder =
        std::filesystem::path(::testing::TempDir()) / "grapevine_alert_backlog_test";
    std::filesystem::remove_all(folder);
    open({.folder = folder});
    const auto may_die = [&](int at) {
      if ((cut >> at & 1) != 0) open({.folder = folder});
    };
    const TimeMs now = kBegin + 60 * kDay;
    advance(now);
    history(kBegin + 50 * kDay);
    may_die(0);
    advance(now);
    history(kBegin + 20 * kDay);  // Behind what is newer: history.
    may_die(1);
    advance(now);
    may_die(2);
    settle(now + 2 * kMinute);
    if (cut == 0) expected = alerts();
    EXPECT_EQ(alerts().size(), 80U) << cut;
    for (const std::string& alert : expected) EXPECT_THAT(alerts(), Contains(alert)) << cut;
    std::filesystem::remove_all(folder);
  }
}

TEST_F(AlertKeeperTest, ManyAlertsAreOneRecordAndTheOldestGo) {
  BatchOf batch;
  for (int hour = 0; hour < 72; ++hour) say(batch, kBegin + hour * kHour, -0.6);
  for (int product = 0; product < 6000; ++product) {
    const std::string name = "p" + std::to_string(10'000 + product);
    for (int i = 0; i < 12; ++i) {
      say(batch, kBegin + 3 * kDay + product * 1000 + i, -0.6, name.c_str());
    }
  }
  append(batch);
  const std::uint64_t before = store_->snapshot()->number();
  advance(kBegin + 10 * kDay);
  EXPECT_LE(store_->snapshot()->number() - before, 4U);
  const auto kept = all_alerts(*store_->snapshot());
  EXPECT_EQ(kept.size(), kAlertsMax);
  EXPECT_EQ(read_alert_state(*store_->snapshot()).last_change, 12'000U);
}

TEST_F(AlertKeeperTest, NotesNothingWhereNothingIsToTell) {
  advance(kBegin);
  EXPECT_EQ(store_->snapshot()->number(), 0U);
  usual(1);
  for (int i = 1; i < 100; ++i) advance(kBegin + kDay + i * kMinute);
  EXPECT_EQ(store_->snapshot()->number(), 2U);  // How far it was told, once.
  burst(kBegin + kDay + 2 * kHour, 2);
  for (int i = 1; i < 100; ++i) advance(kBegin + kDay + (120 + i) * kMinute);
  EXPECT_EQ(store_->snapshot()->number(), 3U);
}

// The same alerts however writes are cut into batches and rounds.
TEST_F(AlertKeeperTest, RoundsChangeNothing) {
  std::vector<std::vector<std::string>> of_rounds;
  for (const std::size_t together : {1U, 7U, 100'000U}) {
    open({});
    std::mt19937_64 draw(3);
    BatchOf batch;
    std::size_t rows = 0;
    TimeMs ts = kBegin;
    for (int i = 0; i < 3000; ++i) {
      const bool is_burst = i % 1000 > 900;
      ts += is_burst ? 2000 : static_cast<TimeMs>(draw() % (20 * kMinute));
      say(batch, ts, i % 3 == 0 ? 0.5 : -0.5, i % 2 == 0 ? "p1" : "p2");
      if (++rows % together != 0) continue;
      append(batch);
      batch = BatchOf();
      if (rows % (50 * together) == 0) advance(ts);
    }
    append(batch);
    advance(ts);
    advance(ts + 10 * kDay);
    of_rounds.push_back(alerts());
  }
  EXPECT_GE(of_rounds[0].size(), 6U);
  EXPECT_EQ(of_rounds[1], of_rounds[0]);
  EXPECT_EQ(of_rounds[2], of_rounds[0]);
}

}  // namespace
}  // namespace grapevine
