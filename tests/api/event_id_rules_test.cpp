// A rule on `event_id` means the events that it lists: held against the same question asked of a
// column in which every event has a number of its own.

#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/api/asked.hpp"

namespace grapevine {
namespace {

using grapevine::testing::AskedStore;
using grapevine::testing::BatchOf;

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kBegin = 1'700'000'000'000;
constexpr int kCustomers = 20;

// Events in several parts with ids of every kind; some people are merged, one is erased.
class World {
 public:
  World() {
    for (int batch = 0; batch < 6; ++batch) {
      BatchOf rows(kBegin);
      for (int i = 0; i < 60; ++i) add(rows);
      if (batch == 3) merge(rows, "c1", "c2");
      asked_.append(rows);
    }
    EXPECT_TRUE(asked_.store().erase("c9", kBegin).ok());
    asked_.set_now(kBegin + 1000 * kHour);
    for (int c = 0; c < kCustomers; ++c) read_ids("c" + std::to_string(c));
  }

  // `{"column": .., "in": [..]}` on numbers and on ids of the same events.
  struct Rules {
    std::string by_number;
    std::string by_id;
  };
  Rules some_events() {
    Rules rules{R"({"column": "properties.n", "in": [-1)", R"({"column": "event_id", "in": ["x")"};
    for (const auto& [number, id] : ids_) {
      if (random_() % 3 != 0) continue;
      rules.by_number += ", " + std::to_string(number);
      rules.by_id += ", \"" + id + '"';
    }
    rules.by_number += "]}";
    rules.by_id += "]}";
    return rules;
  }

  // Who is meant, or what is wrong.
  std::string ask(const std::string& rule, const std::string& rest) {
    const Response answer =
        asked_.ask("POST", "/v1/segments/preview",
                   R"({"sample": 1000, "definition": {"event": ["Bought", "Viewed"], "where": [)" +
                       rule + rest);
    EXPECT_EQ(answer.status, 200) << rule << rest << answer.body;
    return answer.body.substr(0, answer.body.find("\"steps\""));
  }

  [[nodiscard]] std::size_t events() const { return ids_.size(); }
  [[nodiscard]] bool has_id(const std::string& prefix) const {
    for (const auto& [number, id] : ids_) {
      if (id.starts_with(prefix)) return true;
    }
    return false;
  }
  std::mt19937& random() { return random_; }

 private:
  void add(BatchOf& rows) {
    const int n = number_++;
    const auto hours = static_cast<TimeMs>(random_() % 500);
    rows.event(kBegin - hours * kHour, random_() % 2 == 0 ? "Bought" : "Viewed",
               "c" + std::to_string(random_() % kCustomers));
    if (random_() % 3 == 0) rows.target("c" + std::to_string(random_() % kCustomers));
    const std::string digits = std::to_string(100'000 + n);
    if (n % 3 == 0) rows.id("0b5e1c7a-3f7e-4b5e-9a51-0c1d2e" + digits);
    if (n % 3 == 1) rows.id("id " + digits);
    rows.with("properties.n", std::int64_t{n});
    rows.with("value", static_cast<double>(random_() % 100));
  }

  static void merge(BatchOf& rows, const char* from, const char* to) {
    IdentityLink link;
    link.kind = IdentityLink::Kind::Alias;
    link.from = rows.batch.strings.intern(from);
    link.to = rows.batch.strings.intern(to);
    link.ts = kBegin;
    rows.batch.links.push_back(link);
  }

  void read_ids(const std::string& customer) {
    const std::string text = asked_.ask("GET", "/v1/customers/" + customer + "/export").body;
    const std::string before_id = R"("event_id":")";
    const std::string before_number = R"("properties.n":)";
    for (std::size_t at = text.find(before_id); at != std::string::npos;
         at = text.find(before_id, at)) {
      at += before_id.size();
      const std::string id = text.substr(at, text.find('"', at) - at);
      const std::size_t number = text.find(before_number, at) + before_number.size();
      ids_[std::stoi(text.substr(number))] = id;
    }
  }

  std::mt19937 random_{7};
  AskedStore asked_;
  int number_ = 0;
  std::map<int, std::string> ids_;  // By number.
};

TEST(EventIdRules, MeanTheEventsThatTheyList) {
  World world;
  EXPECT_GT(world.events(), 300u);
  EXPECT_TRUE(world.has_id("0b5e") && world.has_id("id ") && world.has_id("row-"));
  const std::vector<std::string> rests{
      "]}}",
      R"(], "count": {"gte": 3}}})",
      R"(], "count": {"eq": 0}}})",
      R"(], "sum": {"of": "value", "lt": 200}}})",
      R"(], "avg": {"of": "value", "gte": 50}}})",
      R"(], "distinct": {"of": "target_id", "lte": 2}}})",
      R"(], "first": true}})",
      R"(], "last": true}})",
      R"(], "last": true, "max": {"of": "value", "lt": 60}}})",
      R"(], "within": "1500h", "count": {"gte": 2}}})",
      R"(], "from": "2023-11-01", "to": "2023-11-10"}})",
      R"(], "hours": [0, 1, 2, 3, 4, 5, 6], "timezone": "Asia/Seoul"}})",
      R"(, {"column": "value", "gte": 40}], "count": {"lt": 2}}})",
      R"(, {"column": "target_id", "in": ["c1", "c3", "c4", "c5"]}]}})",
      R"(, {"column": "target_id", "ne": "c3"}], "count": {"lt": 4}}})",
      R"(, {"column": "ts", "lt": "2023-11-08"}, {"column": "event", "eq": "Bought"}]}})",
      R"(, {"column": "customer_id", "in": ["c2", "c4", "c8", "c9"]}], "count": {"lt": 3}}})",
  };
  for (int round = 0; round < 10; ++round) {
    const World::Rules rules = world.some_events();
    for (const std::string& rest : rests) {
      EXPECT_EQ(world.ask(rules.by_id, rest), world.ask(rules.by_number, rest)) << rest;
    }
  }
}

}  // namespace
}  // namespace grapevine
