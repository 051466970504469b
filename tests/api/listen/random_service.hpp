#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "api/encode/json_writer.hpp"
#include "storage/store.hpp"
#include "tests/api/asked.hpp"

namespace grapevine::testing {

/// A store of complaints, answers and praise as clients send them: in no order, twice, under ids
/// that turn out to be one person, and of people who are erased. Always the same for the same seed.
class RandomService {
 public:
  static constexpr TimeMs kHour = 3'600'000;
  static constexpr TimeMs kDay = 24 * kHour;
  static constexpr TimeMs kNow = 1'795'305'600'000;  // 2026-11-22T00:00:00Z
  static constexpr TimeMs kBegin = kNow - 200 * kDay;

  explicit RandomService(std::uint64_t seed, std::size_t complaints = 400, bool has_owners = true)
      : random_(seed) {
    asked.set_now(kNow);
    if (has_owners) add_owners();
    for (std::size_t i = 0; i < 60; ++i) add_person(i);
    for (std::size_t i = 0; i < complaints; ++i) add_complaint(i);
    for (std::size_t i = 0; i < 4 * complaints; ++i) add_chat();
    std::ranges::shuffle(calls_, random_);
    const std::size_t copies = calls_.size() / 20;
    for (std::size_t i = 0; i < copies; ++i) calls_.push_back(calls_[i]);  // Sent again.
    for (std::size_t begin = 0; begin < calls_.size(); begin += 500) post(begin);
    for (const char* id : {"u3", "u11", "a2"}) {
      EXPECT_TRUE(asked.store().erase(id, kNow).ok());
    }
  }

  AskedStore asked;

 private:
  using Write = std::function<void(JsonWriter&)>;

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  TimeMs some_time() { return kBegin + static_cast<TimeMs>(below(200 * 24 * 60)) * 60'000; }
  TimeMs delay() { return static_cast<TimeMs>((below(100) * below(100) * below(40)) * 15'000); }
  // Whose means are not likely to be the bound of a mood.
  double some_sentiment() { return static_cast<double>(below(1999)) / 1000 - 0.999; }
  // Posts have a text or none; it is judged with the sentiment.
  const char* some_text() {
    constexpr const char* kTexts[] = {
        "the kettle exploded, great",   "폭발했어요",
        "love it, works well",          "where can I buy it?",
        "my order never arrived",       "배송이 너무 늦어요",
        "not on fire, nobody was hurt", "it is a chair",
        "아이가 화상을 입었어요",       "my child has a rash, is it safe?"};
    const auto number = below(20);
    return number < 10 ? kTexts[number] : nullptr;
  }
  std::string someone() {
    return below(3) == 0 ? "a" + std::to_string(below(20)) : "u" + std::to_string(below(60));
  }

  void post(std::size_t begin) {
    std::string body = R"({"writeKey": "k", "batch": [)";
    for (std::size_t i = begin; i < std::min(begin + 500, calls_.size()); ++i) {
      if (i != begin) body += ',';
      body += calls_[i];
    }
    const Response answer = asked.ask("POST", "/v1/batch", body + "]}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body.find("rejected"), std::string::npos) << answer.body;
  }

  void add_call(const char* type, TimeMs ts, const char* content, const Write& who,
                const Write& members) {
    JsonWriter json;
    json.begin_object();
    json.member("type", type);
    json.member("messageId", "m" + std::to_string(calls_.size()));
    json.time_member("timestamp", ts);
    who(json);
    json.key(content);
    json.begin_object();
    members(json);
    json.end_object();
    json.end_object();
    calls_.push_back(std::move(json).take());
  }

  void add_event(TimeMs ts, const char* event, const std::string& id, const Write& properties) {
    const auto who = [&](JsonWriter& json) {
      json.member(id.front() == 'a' && id != "agent1" ? "anonymousId" : "userId", id);
      json.member("event", event);
    };
    add_call("track", ts, "properties", who, properties);
  }

  void add_traits(const std::string& id, const Write& who, const Write& traits) {
    const auto named = [&](JsonWriter& json) {
      json.member("userId", id);
      who(json);
    };
    add_call("identify", kBegin, "traits", named, traits);
  }

  void add_owners() {
    const auto nothing = [](JsonWriter&) {};
    for (const bool own : {true, false}) {
      add_traits(own ? "brand_a" : "brand_b", nothing, [own](JsonWriter& json) {
        json.member("kind", "brand");
        json.member("name", own ? "Alpen" : "Borea");
        json.member("own", own);
      });
    }
    add_traits("agent1", nothing, [](JsonWriter& json) { json.member("kind", "employee"); });
  }

  void add_person(std::size_t i) {
    const auto who = [i](JsonWriter& json) {
      if (i < 8) json.member("anonymousId", "a" + std::to_string(i));
    };
    add_traits("u" + std::to_string(i), who, [i](JsonWriter& json) {
      if (i % 3 != 0) json.member("region", i % 3 == 1 ? "Seoul" : "Busan");
    });
    if (i != 21) return;
    add_call(
        "alias", kBegin, "context",
        [](JsonWriter& json) {
          json.member("userId", "u20");
          json.member("previousId", "u21");
        },
        [](JsonWriter&) {});
  }

  Write about() {
    constexpr const char* kBrands[] = {"Alpen", "Borea", "Corvo"};
    constexpr const char* kChannels[] = {"web", "app", "call"};
    const char* brand = below(4) == 0 ? nullptr : kBrands[below(3)];
    const char* channel = below(6) == 0 ? nullptr : kChannels[below(3)];
    const bool to_account = below(8) == 0;
    const auto product = below(4);
    return [=](JsonWriter& json) {
      if (brand != nullptr) json.member("brand", brand);
      if (channel != nullptr) json.member("channel", channel);
      if (to_account) json.member("account", "@own");
      if (product != 0) json.member("product_id", "p" + std::to_string(product));
    };
  }

  void add_complaint(std::size_t number) {
    const Write said = about();
    const std::string who = someone();
    const TimeMs opened = some_time();
    const double sentiment = some_sentiment();
    const std::string ticket = std::to_string(number);
    const auto kind =
        below(10);  // Below 5 a ticket by number, 5 by content, 6 by nothing; else posts.
    const char* text = kind < 7 ? nullptr : some_text();
    const auto names = [&](const char* content) {
      return Write([=](JsonWriter& json) {
        if (kind < 5) json.member("ticket_id", ticket);
        if (kind == 5 || kind > 7) json.member(content, "c" + ticket);
      });
    };
    const auto properties = [&](const Write& named) {
      return Write([=](JsonWriter& json) {
        said(json);
        named(json);
        json.member("sentiment", sentiment);
        if (text != nullptr) json.member("text", text);
      });
    };
    add_event(opened, kind < 7 ? "Ticket Opened" : "Post Created", who,
              properties(names("content_id")));
    const std::string by = below(3) == 0 ? someone() : below(2) == 0 ? "agent1" : "brand_a";
    const TimeMs answered = opened + delay() - (below(20) == 0 ? kHour : 0);
    if (below(10) < 6 && answered < kNow) {
      add_event(answered, kind < 7 ? "Ticket Answered" : "Post Replied", by, names("parent_id"));
    }
    const TimeMs resolved = answered + delay();
    if (kind < 7 && below(10) < 7 && resolved < kNow) {
      add_event(resolved, "Ticket Resolved", who, names("parent_id"));
    }
    if (kind < 6 && below(6) == 0) {
      const TimeMs again = std::min(resolved + delay(), kNow);
      add_event(again, "Ticket Opened", who, properties(names("content_id")));
    }
  }

  void add_chat() {
    constexpr const char* kNames[] = {"Post Created", "Product Shared", "Order Completed",
                                      "Page Viewed", "Product Reviewed"};
    const Write said = about();
    const bool is_scored = below(3) != 0;
    const double sentiment = some_sentiment();
    const char* name = kNames[below(5)];
    const char* text = std::string_view(name) == "Post Created" ? some_text() : nullptr;
    const std::string content = "chat" + std::to_string(calls_.size());
    add_event(some_time(), name, someone(), [=](JsonWriter& json) {
      said(json);
      if (text != nullptr) json.member("text", text);
      if (text != nullptr) json.member("content_id", content);
      if (is_scored) json.member("sentiment", sentiment);
    });
  }

  std::mt19937_64 random_;
  std::vector<std::string> calls_;
};

}  // namespace grapevine::testing
