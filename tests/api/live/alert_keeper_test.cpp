#include "api/live/alerts/alert_keeper.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

using testing::BatchOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TimeMs kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr TimeMs kBegin = 1'700'000'000'000;

// "p1/web/negative +20" for an alert: its series, and hours since the beginning.
std::string told(const AlertDocument& alert) {
  const std::string channel = alert.series.channel.value_or("-");
  return alert.series.subject + "/" + channel + "/" + std::string(name_of(alert.series.mood)) +
         " +" + std::to_string((alert.ts - kBegin) / kHour) + " " +
         std::string(name_of(alert.status()));
}

class AlertKeeperTest : public ::testing::Test {
 protected:
  void SetUp() override { open({}); }
  void open(const StoreOptions& options) {
    keeper_.reset();
    store_.reset();
    store_ = Store::open(options).value();
    keep();
  }
  void keep() {
    keeper_ = std::make_unique<AlertKeeper>(*store_, [this] { return now_; });
  }
  void advance(TimeMs now) {
    now_ = now;
    ASSERT_TRUE(keeper_->advance().ok());
  }
  void append(BatchOf& batch) { ASSERT_TRUE(store_->append(std::move(batch.batch)).ok()); }
  static void say(BatchOf& batch, TimeMs ts, double sentiment, const char* product = "p1",
                  const char* channel = "web") {
    batch.event(ts, "Post Created", "c" + std::to_string(ts % 97));
    batch.with("product_id", product).with("channel", channel).with("sentiment", sentiment);
  }
  // A complaint every hour, for some days.
  void usual(int days, TimeMs from = kBegin) {
    BatchOf batch;
    for (int hour = 0; hour < 24 * days; ++hour) say(batch, from + hour * kHour, -0.6);
    append(batch);
  }
  void burst(TimeMs from, int complaints = 30) {
    BatchOf batch;
    for (int i = 0; i < complaints; ++i) say(batch, from + i * 10'000, -0.6);
    append(batch);
  }
  [[nodiscard]] std::vector<std::string> alerts() const {
    std::vector<std::string> texts;
    for (const AlertDocument& alert : all_alerts(*store_->snapshot())) texts.push_back(told(alert));
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  TimeMs now_ = kBegin;
  std::unique_ptr<Store> store_;
  std::unique_ptr<AlertKeeper> keeper_;
};

TEST_F(AlertKeeperTest, TellsABurstWhileItFillsAndThatItIsOver) {
  usual(3);
  advance(kBegin + 3 * kDay);
  EXPECT_THAT(alerts(), IsEmpty());
  const TimeMs begin = kBegin + 3 * kDay + kHour;
  burst(begin);
  advance(begin + 30 * 10'000);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 open"));
  const AlertDocument alert = all_alerts(*store_->snapshot()).front();
  EXPECT_GT(alert.score, BurstDetector::kAlarm);
  EXPECT_GT(static_cast<double>(alert.count), 3.0 * alert.expected);
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
