#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/live/alerts/alert_keeper.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {

inline constexpr TimeMs kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
inline constexpr TimeMs kBegin = 1'700'000'000'000;

/// "p1/web/negative +20" for an alert: its series, and hours since the beginning.
inline std::string told(const AlertDocument& alert) {
  const std::string channel = alert.series.channel.value_or("-");
  const std::string about = alert.series.about == AlertSubject::Topic ? "#" : "";
  return about + alert.series.subject + "/" + channel + "/" +
         std::string(name_of(alert.series.mood)) + " +" +
         std::to_string((alert.ts - kBegin) / kHour) + " " + std::string(name_of(alert.status()));
}

/// A store and the keeper of its alerts, at a time that is given.
class AlertKeeperTest : public ::testing::Test {
 protected:
  using BatchOf = testing::BatchOf;

  void SetUp() override { open({}); }
  void open(const StoreOptions& options) {
    keeper_.reset();
    store_.reset();
    store_ = Store::open(options).value();
    keep();
  }
  void keep() {
    topics_ = std::make_unique<TopicIndex>();
    keeper_ = std::make_unique<AlertKeeper>(
        *store_, [this] { return now_; }, topics_.get());
  }
  void advance(TimeMs now) {
    now_ = now;
    ASSERT_TRUE(topics_->advance(*store_->snapshot(), Stop()).ok());
    ASSERT_TRUE(keeper_->advance().ok());
  }
  // History is counted, and topics are, once the time that the last one took is made up for.
  void settle(TimeMs now) {
    advance(now);
    while (keeper_->facts().is_behind) advance(now);
    advance(now);
  }
  void put_topic(const std::string& name, const TopicDocument& topic) {
    ASSERT_TRUE(store_->put_document(kTopicDocuments, name, write_topic_document(topic)).ok());
  }
  // A post every hour for some days, then 30 at once, which name neither brand nor product.
  void talk_of(const char* text, int days, TimeMs from = kBegin) {
    BatchOf batch;
    const auto post = [&](TimeMs ts) {
      batch.event(ts, "Post Created", "c" + std::to_string(ts % 97)).with("text", text);
    };
    for (int hour = 0; hour < 24 * days; ++hour) post(from + hour * kHour);
    for (int i = 0; i < 30; ++i) post(from + days * kDay + kHour + i * 10'000);
    append(batch);
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
  std::unique_ptr<TopicIndex> topics_;
  std::unique_ptr<AlertKeeper> keeper_;
};

}  // namespace grapevine
