#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "api/live/alerts/alert_keeper.hpp"
#include "tests/api/asked.hpp"

namespace grapevine {

/// A product of which somebody complains every hour, and of which many do on the fourth day.
class Alerts : public ::testing::Test {
 protected:
  using BatchOf = testing::BatchOf;
  using Json = nlohmann::json;
  static constexpr TimeMs kHour = 3'600'000, kDay = 24 * kHour;
  static constexpr TimeMs kBegin = 1'700'000'000'000;
  static constexpr TimeMs kBurst = kBegin + 3 * kDay + kHour;

  void SetUp() override {
    BatchOf usual;
    for (int hour = 0; hour < 72; ++hour) complain(usual, kBegin + hour * kHour, 0);
    asked_.append(usual);
    advance(kBegin + 3 * kDay);
    BatchOf talk;  // Of another channel, in no mood.
    for (int i = 0; i < 30; ++i) {
      talk.event(kBurst - kHour + i * 1000, "Post Created", person(i));
      talk.with("product_id", "p1").with("channel", "app");
    }
    asked_.append(talk);
    advance(kBurst - kHour / 2);
    BatchOf burst;
    for (int i = 0; i < 30; ++i) complain(burst, kBurst + i * 10'000, i);
    for (int i = 1; i < 30; ++i) {  // c3 is heard by most.
      burst.event(kBurst + i, "Post Liked", person(i)).target(i == 3 ? "c4" : "c3");
    }
    asked_.append(burst);
    advance(kBurst + 301'000);
  }
  static std::string person(int i) { return "c" + std::to_string(i); }
  static void complain(BatchOf& batch, TimeMs ts, int i) {
    batch.event(ts, "Post Created", person(i));
    batch.with("product_id", "p1").with("channel", "web").with("sentiment", -0.8);
  }
  void advance(TimeMs now) {
    asked_.set_now(now_ = now);
    ASSERT_TRUE(keeper_.advance().ok());
  }
  Json ask(const std::string& method, const std::string& path, int status, Fields query = {},
           const std::string& body = "") {
    const Response response = asked_.ask(method, path, body, std::move(query));
    EXPECT_EQ(response.status, status) << response.body;
    return response.body.empty() ? Json() : Json::parse(response.body);
  }
  static std::vector<int> ids(const Json& answer) {
    std::vector<int> found;
    for (const Json& alert : answer.at("alerts")) found.push_back(alert.at("id"));
    return found;
  }

  testing::AskedStore asked_;
  TimeMs now_ = kBegin;
  AlertKeeper keeper_{asked_.store(), [this] { return now_; }};
};

}  // namespace grapevine
