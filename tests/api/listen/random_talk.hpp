#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "api/encode/json_writer.hpp"
#include "storage/store.hpp"
#include "tests/api/asked.hpp"

namespace grapevine::testing {

/// A store that hears random talk about brands the way clients send it: late, twice, under ids that
/// turn out to be one person, and of people who are erased. Always the same for the same seed.
class RandomTalk {
 public:
  static constexpr TimeMs kHour = 3'600'000;
  static constexpr TimeMs kNow = 1'795'305'600'000;  // 2026-11-22T00:00:00Z
  static constexpr TimeMs kBegin = kNow - 10 * 24 * kHour;

  explicit RandomTalk(std::uint64_t seed, std::size_t calls = 1200) : random_(seed) {
    asked.set_now(kNow);
    add_brands();
    for (std::size_t batch = 0; batch < 4; ++batch) {
      begin();
      for (std::size_t i = 0; i < calls / 4; ++i) add_event();
      if (batch % 2 == 1) add_people();
      std::string body = end();
      post(body);
      if (batch == 1) post(body);  // A client that did not hear the answer.
    }
    for (const char* id : {"u3", "u11", "a2"}) {
      EXPECT_TRUE(asked.store().erase(id, kNow).ok());
    }
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  AskedStore asked;

 private:
  void begin() {
    json_ = JsonWriter();
    json_.begin_object();
    json_.member("writeKey", "k");
    json_.key("batch");
    json_.begin_array();
  }
  std::string end() {
    json_.end_array();
    json_.end_object();
    return std::move(json_).take();
  }
  void post(const std::string& body) {
    const Response answer = asked.ask("POST", "/v1/batch", body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body.find("rejected"), std::string::npos) << answer.body;
  }

  void begin_call(const char* type, TimeMs ts) {
    json_.begin_object();
    json_.member("type", type);
    json_.member("messageId", "m" + std::to_string(++messages_));
    json_.time_member("timestamp", ts);
  }

  void add_brands() {
    begin();
    for (const auto& [id, name, own] :
         {std::tuple("brand_a", "Alpen", true), std::tuple("brand_b", "Borea", false)}) {
      begin_call("identify", kBegin);
      json_.member("userId", id);
      json_.key("traits");
      json_.begin_object();
      json_.member("kind", "brand");
      json_.member("name", name);
      json_.member("own", own);
      json_.end_object();
      json_.end_object();
    }
    begin_call("identify", kBegin);
    json_.member("userId", "staff1");
    json_.key("traits");
    json_.begin_object();
    json_.member("kind", "employee");
    json_.end_object();
    json_.end_object();
    post(end());
  }

  std::string someone() {
    if (below(10) == 0) return below(2) == 0 ? "brand_a" : "staff1";  // Of the company.
    return below(3) == 0 ? "a" + std::to_string(below(8)) : "u" + std::to_string(below(25));
  }

  // A person is known by either kind of id.
  void say_who(const std::string& id) {
    json_.member(id.front() == 'a' ? "anonymousId" : "userId", id);
  }

  void add_event() {
    constexpr const char* kNames[] = {"Post Created",  "Post Shared",        "Post Liked",
                                      "Post Replied",  "Customer Mentioned", "Customer Followed",
                                      "Ticket Opened", "Order Completed"};
    constexpr const char* kBrands[] = {"Alpen", "Borea", "Corvo", "Delta"};
    constexpr const char* kChannels[] = {"web", "app", "blog"};
    // Some lie before the window, some at the bounds of buckets, some after the clock.
    TimeMs ts = kBegin + static_cast<TimeMs>(below(250)) * kHour;
    if (below(3) != 0) ts += static_cast<TimeMs>(below(kHour));
    begin_call("track", ts);
    say_who(someone());
    json_.member("event", kNames[below(8)]);
    json_.key("properties");
    json_.begin_object();
    if (below(5) != 0) json_.member("brand", kBrands[below(4)]);
    if (below(5) != 0) json_.member("channel", kChannels[below(3)]);
    if (below(5) != 0) json_.member("account", "@own" + std::to_string(below(2)));
    if (below(5) != 0) json_.member("product_id", "p" + std::to_string(below(5)));
    if (below(3) == 0) json_.member("text", below(5) == 0 ? "" : "it " + std::to_string(below(9)));
    if (below(3) != 0) json_.member("sentiment", static_cast<double>(below(41)) / 20 - 1.0);
    if (below(2) == 0) json_.member("target_id", someone());
    json_.end_object();
    json_.end_object();
  }

  void add_people() {
    for (int i = 0; i < 25; ++i) {
      begin_call("identify", kBegin + i);
      json_.member("userId", "u" + std::to_string(i));
      if (i < 4) json_.member("anonymousId", "a" + std::to_string(i));
      json_.key("traits");
      json_.begin_object();
      if (i % 3 != 0) json_.member("region", i % 3 == 1 ? "Seoul" : "Busan");
      json_.end_object();
      json_.end_object();
    }
    begin_call("alias", kBegin);
    json_.member("userId", "u20");
    json_.member("previousId", "u21");
    json_.end_object();
  }

  std::mt19937_64 random_;
  JsonWriter json_;
  std::size_t messages_ = 0;
};

}  // namespace grapevine::testing
