// What one burst is: of a brand and its product, of all moods and one, small and then large.

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/live/alert_keeper_fixture.hpp"

namespace grapevine {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr TimeMs kBurst = kBegin + 3 * kDay + kHour;

class AlertGrowth : public AlertKeeperTest {
 protected:
  void SetUp() override {
    AlertKeeperTest::SetUp();
    usual(3);
    advance(kBegin + 3 * kDay);
  }
  struct Said {
    const char* brand;
    const char* product;
    double sentiment;
    int times;
  };
  // Ten seconds after each other, from `at` on.
  void talk(TimeMs at, std::vector<Said> all) {
    BatchOf batch;
    for (const Said& said : all) {
      for (int i = 0; i < said.times; ++i, at += 10'000) {
        batch.event(at, "Post Created", "c" + std::to_string(i)).with("channel", "app");
        if (said.brand != nullptr) batch.with("brand", said.brand);
        if (said.product != nullptr) batch.with("product_id", said.product);
        batch.with("sentiment", said.sentiment);
      }
    }
    append(batch);
    advance(at);
  }
  [[nodiscard]] std::vector<AlertDocument> documents() const {
    return all_alerts(*store_->snapshot());
  }
};

TEST_F(AlertGrowth, IsToldWhenItDoublesOrIsCritical) {
  burst(kBurst, 300);
  advance(kBurst + kHour);
  ASSERT_THAT(documents(), SizeIs(1));
  const AlertDocument alert = documents().front();
  EXPECT_EQ(alert.at(alert.id).severity(), AlertSeverity::Warning);
  EXPECT_EQ(alert.severity(), AlertSeverity::Critical);
  std::uint64_t last = alert.opened.count;
  AlertSeverity severity = AlertSeverity::Warning;
  EXPECT_LT(last, 20U);
  for (const auto& growth : alert.growth) {
    const AlertDocument then = alert.at(growth.change.number);
    EXPECT_EQ(then.figures().count, growth.figures.count);
    EXPECT_TRUE(growth.figures.count >= 2 * last || then.severity() > severity);
    EXPECT_LT(growth.figures.count, 2 * last + 2);
    last = growth.figures.count;
    severity = then.severity();
  }
  EXPECT_GT(last, 150U);
  advance(kBurst + 2 * kDay);
  const AlertDocument over = documents().front();
  EXPECT_EQ(over.figures().count, 300U);    // In the end.
  EXPECT_LT(over.figures().expected, 5.0);  // One an hour is usual, whatever the burst is.
  EXPECT_EQ(over.growth.back().change.number, over.closed->number);
  EXPECT_EQ(over.at(over.closed->number - 1).figures().count, last);
  EXPECT_EQ(read_alert_document(write_alert_document(over))->growth.size(), over.growth.size());
}

TEST_F(AlertGrowth, OfThePastIsToldAsItWasInTheEnd) {
  burst(kBurst, 300);
  usual(1, kBurst + 5 * kDay);
  keep();
  advance(kBurst + 20 * kDay);
  ASSERT_THAT(documents(), SizeIs(1));
  const AlertDocument alert = documents().front();
  EXPECT_LT(alert.opened.count, 20U);
  EXPECT_EQ(alert.figures().count, 300U);
  EXPECT_EQ(alert.growth.size(), 1U);
  EXPECT_EQ(alert.growth.back().change.number, alert.closed->number);
  EXPECT_EQ(alert.severity(), AlertSeverity::Critical);
  keep();
  advance(kBurst + 20 * kDay);
  EXPECT_THAT(documents(), SizeIs(1));
}

TEST_F(AlertGrowth, GoesOnAfterARestart) {
  burst(kBurst, 20);
  advance(kBurst + 20 * 10'000);
  const AlertDocument before = documents().front();
  BatchOf unseen;  // While nobody watches.
  for (int i = 0; i < 40; ++i) say(unseen, kBurst + 210'000 + i * 1000, -0.6);
  append(unseen);
  keep();
  advance(kBurst + 10 * kMinute);
  ASSERT_THAT(documents(), SizeIs(1));
  const AlertDocument after = documents().front();
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.opened.count, before.opened.count);
  EXPECT_GE(after.figures().count, 2 * before.figures().count);
  keep();
  advance(kBurst + 10 * kMinute);
  EXPECT_EQ(documents().front().growth.size(), after.growth.size());
  BatchOf more;
  for (int i = 0; i < 200; ++i) say(more, kBurst + 10 * kMinute + i * 1000, -0.6);
  append(more);
  advance(kBurst + 15 * kMinute);
  EXPECT_GT(documents().front().figures().count, 200U);
  EXPECT_THAT(documents(), SizeIs(1));
}

TEST_F(AlertGrowth, OfAProductIsNotToldOfItsBrandToo) {
  talk(kBurst, {{"Acme", "p7", -0.8, 40}});
  EXPECT_THAT(alerts(), ElementsAre("p7/app/negative +73 open"));
  const AlertDocument alert = documents().front();
  EXPECT_EQ(alert.subject(AlertSubject::Brand), "Acme");
  EXPECT_EQ(alert.subject(AlertSubject::Product), "p7");
  EXPECT_EQ(alert.subject(AlertSubject::Topic), std::nullopt);
  keep();  // Nor after a start.
  advance(now_ + 1);
  EXPECT_THAT(alerts(), SizeIs(1));
}

// Whichever is first: the brand's began with other products.
TEST_F(AlertGrowth, OfABrandIsNotToldOfItsProductToo) {
  talk(kBurst, {{"Acme", nullptr, -0.8, 4}, {"Acme", "p7", -0.8, 20}});
  EXPECT_THAT(alerts(), ElementsAre("Acme/app/negative +73 open"));
  EXPECT_EQ(documents().front().subject(AlertSubject::Product), "p7");
}

// Counted anew, with posts that came late, the product's alarm is first: it is the same burst.
TEST_F(AlertGrowth, OfABrandGoesOnWhereItsProductIsFirstAfterAll) {
  talk(kBurst, {{"Acme", nullptr, -0.8, 4}, {"Acme", "p7", -0.8, 20}});
  const std::uint64_t before = documents().front().figures().count;
  BatchOf late;
  for (int i = 0; i < 12; ++i) say(late, kBurst - 5 * kMinute + i * 10'000, -0.8, "p7", "app");
  append(late);
  keep();
  advance(now_ + 1);
  EXPECT_THAT(alerts(), ElementsAre("Acme/app/negative +73 open"));
  talk(now_ + kMinute, {{"Acme", "p7", -0.8, 100}});
  EXPECT_THAT(alerts(), ElementsAre("Acme/app/negative +73 open"));
  EXPECT_GE(documents().front().figures().count, 3 * before);
  advance(kBurst + 2 * kDay);
  EXPECT_THAT(alerts(), ElementsAre("Acme/app/negative +73 closed"));
}

// Few of the many are about the product: it is a burst of its own.
TEST_F(AlertGrowth, OfAProductAmongOthersOfItsBrandIsToldToo) {
  talk(kBurst, {{"Acme", nullptr, -0.8, 100}, {"Acme", "p7", -0.8, 20}});
  EXPECT_THAT(alerts(), ElementsAre("Acme/app/negative +73 open", "p7/app/negative +73 open"));
}

// What joined a product's burst, and turns out to be of many products, is told by itself.
TEST_F(AlertGrowth, OfABrandThatOutgrowsItsProductIsTold) {
  talk(kBurst, {{"Acme", "p7", -0.8, 20}});
  EXPECT_THAT(alerts(), SizeIs(1));
  talk(kBurst + 5 * kMinute, {{"Acme", nullptr, -0.8, 100}});
  EXPECT_THAT(alerts(), ElementsAre("Acme/app/negative +73 open", "p7/app/negative +73 open"));
}

TEST_F(AlertGrowth, OfAllMoodsTakesTheOneThatMakesIt) {
  talk(kBurst, {{"Acme", nullptr, 0.0, 5}, {"Acme", nullptr, -0.8, 60}});
  EXPECT_THAT(alerts(), ElementsAre("Acme/app/negative +73 open"));
  const AlertDocument alert = documents().front();
  EXPECT_EQ(alert.at(alert.id).series.mood, AlertMood::All);
  EXPECT_EQ(alert.at(alert.id).severity(), AlertSeverity::Notice);
  EXPECT_EQ(alert.severity(), AlertSeverity::Critical);
  keep();
  advance(now_ + 1);
  EXPECT_THAT(alerts(), SizeIs(1));
  advance(kBurst + 2 * kDay);
  EXPECT_THAT(alerts(), ElementsAre("Acme/app/negative +73 closed"));
}

// A few complaints within much talk are another burst than the talk.
TEST_F(AlertGrowth, OfComplaintsAmongMuchTalkIsToldToo) {
  talk(kBurst, {{"Acme", nullptr, 0.0, 100}, {"Acme", nullptr, -0.8, 15}});
  EXPECT_THAT(alerts(), ElementsAre("Acme/app/all +73 open", "Acme/app/negative +73 open"));
}

}  // namespace
}  // namespace grapevine
