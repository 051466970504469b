// Tables say what the operations of /v1 say.

#include <map>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "tests/api/sql/tables/rows_asked.hpp"
#include "tests/api/told_segment.hpp"

namespace grapevine::sql {
namespace {

using grapevine::testing::AskedStore;
using grapevine::testing::BatchOf;
using grapevine::testing::rows_asked;
using grapevine::testing::ToldSegment;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr int kPeople = 120;

std::string name_of_person(int person) { return "p" + std::to_string(person); }

// People who share each other's posts and buy something.
void fill(AskedStore& asked) {
  std::mt19937 random(7);
  BatchOf batch;
  for (int i = 0; i < 600; ++i) {
    const int who = static_cast<int>(random() % kPeople);
    const int whom = static_cast<int>(random() % 30);
    batch.event(1'600'000'000'000 + i * 1000, i % 3 == 0 ? "Post Shared" : "Post Replied",
                name_of_person(who));
    batch.target(name_of_person(whom));
  }
  for (int i = 0; i < 200; ++i) {
    batch.event(1'600'000'000'000 + i, "Order Completed",
                name_of_person(static_cast<int>(random() % kPeople)));
    batch.with("value", static_cast<double>(random() % 100));
  }
  asked.append(batch);
}

// customer_id and the number behind it, of lines of CSV with other columns between them.
std::map<std::string, double> numbers(const std::vector<std::string>& lines, std::size_t column) {
  std::map<std::string, double> numbers;
  for (const std::string& line : lines) {
    std::vector<std::string> cells(1);
    for (const char letter : line) {
      if (letter == ',') {
        cells.emplace_back();
      } else if (letter != '"') {
        cells.back() += letter;
      }
    }
    if (cells.size() > column) numbers[cells[0]] = std::strtod(cells[column].c_str(), nullptr);
  }
  return numbers;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

TEST(SameAnswers, OfEveryScore) {
  AskedStore asked;
  fill(asked);
  for (const std::string score : {"pagerank", "spread", "core_number", "betweenness", "answers",
                                  "advocacy", "ambassador", "critic"}) {
    const Response listed = asked.ask("GET", "/v1/influence", {},
                                      {{"score", score}, {"limit", "1000"}, {"format", "csv"}});
    ASSERT_EQ(listed.status, 200) << listed.body;
    auto lines = lines_of(listed.body);
    lines.erase(lines.begin());
    const auto expected = numbers(lines, 2);
    ASSERT_GT(expected.size(), 50u);
    const auto found =
        numbers(rows_asked(asked, "SELECT customer_id, " + score + " FROM influence"), 1);
    for (const auto& [person, value] : expected) {
      ASSERT_TRUE(found.contains(person)) << person;
      EXPECT_DOUBLE_EQ(found.at(person), value) << score << ' ' << person;
    }
  }
}

TEST(SameAnswers, OfSegmentSizes) {
  AskedStore asked;
  fill(asked);
  const std::map<std::string, std::string> kDefinitions{
      {"buyers", R"({"event": "Order Completed"})"},
      {"rich", R"({"event": "Order Completed", "sum": {"of": "value", "gte": 100}})"},
      {"others", R"({"not": {"segment": "buyers"}})"},
      {"loud", R"({"attribute": "influence.core_number", "gte": 3})"}};
  for (const auto& [name, definition] : kDefinitions) {
    const Response put =
        asked.ask("PUT", "/v1/segments/" + name, R"({"definition": )" + definition + "}");
    ASSERT_EQ(put.status, 200) << put.body;
    simdjson::dom::parser parser;
    const std::string size =
        std::to_string(parser.parse(put.body)["size"].get_uint64().value_unsafe());
    EXPECT_THAT(rows_asked(asked, "SELECT count() FROM segments WHERE name = '" + name + "'"),
                ElementsAre(size));
    EXPECT_THAT(rows_asked(asked, "SELECT uniqExact(customer_id) FROM segment_preview('" +
                                      definition + "')"),
                ElementsAre(size));
  }
  EXPECT_THAT(rows_asked(asked, "SELECT count() FROM segments WHERE name IN ('buyers', 'others')"),
              ElementsAre(rows_asked(asked, "SELECT count() FROM customers").front()));
}

TEST(SameAnswers, OfSeedsAndSimulations) {
  AskedStore asked;
  fill(asked);
  const std::string kPlain = R"({"k": 4, "random_seed": 5})";
  const Response seeds = asked.ask("POST", "/v1/wom/seeds", kPlain);
  ASSERT_EQ(seeds.status, 200) << seeds.body;
  simdjson::dom::parser parser;
  const simdjson::dom::element answer = parser.parse(seeds.body);
  const auto rows = rows_asked(
      asked, "SELECT customer_id, marginal_spread, spread, lower_bound FROM wom_seeds('" + kPlain +
                 "') ORDER BY rank");
  std::size_t i = 0;
  for (const simdjson::dom::element seed : answer["seeds"].get_array()) {
    ASSERT_LT(i, rows.size());
    const std::string person(seed["customer_id"].get_string().value_unsafe());
    EXPECT_THAT(rows[i], ::testing::StartsWith("\"" + person + "\","));
    EXPECT_DOUBLE_EQ(numbers({rows[i]}, 1).at(person),
                     seed["marginal_spread"].get_double().value_unsafe());
    EXPECT_DOUBLE_EQ(numbers({rows[i]}, 2).at(person),
                     answer["spread"].get_double().value_unsafe());
    ++i;
  }
  EXPECT_EQ(i, 4u);

  const std::string kSimulated = R"({"seeds": ["p0", "p1"], "simulations": 500})";
  const Response simulated = asked.ask("POST", "/v1/wom/simulate", kSimulated);
  ASSERT_EQ(simulated.status, 200) << simulated.body;
  const simdjson::dom::element spread = parser.parse(simulated.body);
  const auto steps = rows_asked(asked, "SELECT step, mean, p95, spread FROM wom_simulate('" +
                                           kSimulated + "') ORDER BY step");
  i = 0;
  for (const simdjson::dom::element step : spread["curve"].get_array()) {
    ASSERT_LT(i, steps.size());
    const std::string number = std::to_string(i);
    EXPECT_DOUBLE_EQ(numbers({steps[i]}, 1).at(number), step["mean"].get_double().value_unsafe());
    EXPECT_DOUBLE_EQ(numbers({steps[i]}, 2).at(number), step["p95"].get_double().value_unsafe());
    EXPECT_DOUBLE_EQ(numbers({steps[i]}, 3).at(number),
                     spread["spread"]["mean"].get_double().value_unsafe());
    ++i;
  }
  EXPECT_THAT(steps, SizeIs(i));
}

TEST(SameAnswers, OfChangesOfASegment) {
  AskedStore asked;
  ToldSegment vip(asked.store(), 9, {0, 2, 4});
  vip.enter(1);
  vip.leave(2);
  EXPECT_THAT(
      rows_asked(asked, "SELECT customer_id, change FROM segment_changes WHERE name = 'vip'"),
      ElementsAre(R"("c0","entered")", R"("c2","entered")", R"("c4","entered")",
                  R"("c1","entered")", R"("c2","left")"));
  EXPECT_THAT(rows_asked(asked,
                         "SELECT sum(if(change = 'entered', 1, -1)) FROM segment_changes "
                         "WHERE name = 'vip'"),
              ElementsAre("3"));
  EXPECT_THAT(rows_asked(asked, "SELECT count() FROM segment_changes WHERE name = 'other'"),
              ElementsAre("0"));
}

}  // namespace
}  // namespace grapevine::sql
