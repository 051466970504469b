#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "api/parse/json_reader.hpp"
#include "api/parse/time.hpp"
#include "tests/api/listen/random_talk.hpp"
#include "tests/api/sql/asked_sql.hpp"

namespace grapevine {
namespace {

using testing::ask_sql;
using testing::RandomTalk;

constexpr const char* kMention =
    "(text IS NOT NULL OR event IN ('Post Created', 'Post Shared', 'Post Replied', 'Post Liked', "
    "'Customer Mentioned', 'Customer Followed'))";

const JsonValue* member(const JsonValue& value, const std::string& name) {
  const auto* object = value.as<JsonObject>();
  if (object == nullptr) return nullptr;
  for (const auto& [key, content] : *object) {
    if (key == name) return &content;
  }
  return nullptr;
}

double number(const JsonValue* value) {
  if (value == nullptr) return std::numeric_limits<double>::quiet_NaN();
  if (const auto* whole = value->as<std::int64_t>()) return static_cast<double>(*whole);
  const auto* real = value->as<double>();
  return real == nullptr ? std::numeric_limits<double>::quiet_NaN() : *real;
}

std::string text(const JsonValue* value) {
  const auto* content = value == nullptr ? nullptr : value->as<std::string>();
  return content == nullptr ? std::string() : *content;
}

JsonValue ask_voice(RandomTalk& talk, Fields query) {
  const Response answer = talk.asked.ask("GET", "/v1/listen/voice", {}, std::move(query));
  EXPECT_EQ(answer.status, 200) << answer.body;
  auto read = read_json(answer.body);
  EXPECT_TRUE(read.ok());
  return read.ok() ? *read : JsonValue{};
}

// The rows of an answer in TabSeparated: the fields but the last `numbers`, which are numbers.
std::map<std::string, std::vector<double>> ask_numbers(RandomTalk& talk, const std::string& query,
                                                       std::size_t numbers) {
  std::map<std::string, std::vector<double>> rows;
  std::istringstream lines(ask_sql(talk.asked, query));
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) fields.push_back(cell);
    EXPECT_GE(fields.size(), numbers) << query << '\n' << line;
    if (fields.size() < numbers) return rows;
    std::string key;
    for (std::size_t i = 0; i + numbers < fields.size(); ++i) key += fields[i] + '|';
    for (std::size_t i = fields.size() - numbers; i < fields.size(); ++i) {
      const bool is_number = !fields[i].empty() && std::isdigit(fields[i][0]) != 0;
      EXPECT_TRUE(is_number) << query << '\n' << line;
      rows[key].push_back(is_number ? std::stod(fields[i]) : 0.0);
    }
  }
  return rows;
}

std::string seconds(TimeMs time) {
  return "fromUnixTimestamp64Milli(toInt64(" + std::to_string(time) + "))";
}

// A stretch of time in buckets of an hour or a day, and a dimension, as both are asked for.
struct Question {
  const char* title;
  Fields query;           // Beside window and width.
  const char* dimension;  // Of `by`.
  const char* group;      // In SQL.
  const char* where;      // In SQL.
  const char* selected;   // The same, whether a row is in a group or not.
};

// Whose mentions count, as it is asked for and in SQL.
constexpr const char* kCompany =
    "(SELECT customer_id FROM customers WHERE kind = 'employee' OR (kind = 'brand' AND own))";
const std::pair<const char*, std::string> kVoices[] = {
    {"customers", std::string("customer_id NOT IN ") + kCompany},
    {"company", std::string("customer_id IN ") + kCompany},
    {"all", "1"}};

const Question kQuestions[] = {
    {"brands",
     {{"brand", "Alpen,Borea"}, {"brand", "Nobody"}},
     "brand",
     "brand",
     "brand IN ('Alpen', 'Borea')",
     "brand IN ('Alpen', 'Borea')"},
    {"all brands", {{"by", "brand"}}, "brand", "brand", "brand IS NOT NULL", "1"},
    {"products of a channel",
     {{"by", "product"}, {"channel", "web,app"}},
     "product",
     "product_id",
     "product_id IS NOT NULL AND channel IN ('web', 'app')",
     "channel IN ('web', 'app')"},
    {"accounts",
     {{"by", "account"}, {"account", "@own1"}},
     "account",
     "account",
     "account = '@own1'",
     "account = '@own1'"},
    {"regions of a product",
     {{"by", "region"}, {"product", "p1"}},
     "region",
     "dictionary_region",
     "product_id = 'p1'",
     "product_id = 'p1'"},
    {"channels",
     {{"by", "channel"}, {"region", "Seoul"}},
     "channel",
     "channel",
     "channel IS NOT NULL AND customer_id IN (SELECT customer_id FROM customers WHERE region = "
     "'Seoul')",
     "customer_id IN (SELECT customer_id FROM customers WHERE region = 'Seoul')"},
};

// What SQL counts: by bucket and group, mentions, positive, neutral, negative, unknown, people, reach.
std::map<std::string, std::vector<double>> count_in_sql(
    RandomTalk& talk, const Question& question, const std::string& bucket, TimeMs from, TimeMs to,
    const std::string& who = kVoices[0].second) {
  const bool by_region = std::string(question.group) == "dictionary_region";
  const std::string group = by_region ? "c.region" : "e." + std::string(question.group);
  const std::string events = "(SELECT * FROM events WHERE " + std::string(kMention) +
                             " AND ts >= " + seconds(from) + " AND ts < " + seconds(to) + " AND " +
                             question.where + " AND " + who + ") AS e";
  const std::string joined =
      by_region ? events + " JOIN customers AS c ON c.customer_id = e.customer_id" : events;
  const std::string key = bucket + " AS bucket, " + group + " AS grp";
  const std::string has_group = by_region ? " WHERE c.region IS NOT NULL" : "";
  auto counts = ask_numbers(
      talk,
      "SELECT " + key +
          ", count(), countIf(e.sentiment > toFloat32(0.05)), countIf(e.sentiment <= "
          "toFloat32(0.05) AND e.sentiment >= toFloat32(-0.05)), countIf(e.sentiment < "
          "toFloat32(-0.05)), countIf(e.sentiment IS NULL), uniqExact(e.customer_id) FROM " +
          joined + has_group + " GROUP BY bucket, grp",
      6);
  const auto reach = ask_numbers(talk,
                                 "SELECT s.bucket, s.grp, uniqExact(l.listener) FROM (SELECT " +
                                     key + ", e.customer_id AS speaker FROM " + joined + has_group +
                                     ") AS s JOIN edges AS l ON l.influencer = s.speaker "
                                     "GROUP BY s.bucket, s.grp",
                                 1);
  for (auto& [at, numbers] : counts) {
    const auto found = reach.find(at);
    numbers.push_back(found == reach.end() ? 0.0 : found->second.front());
  }
  return counts;
}

std::vector<double> numbers_of(const JsonValue& row) {
  std::vector<double> numbers;
  for (const char* name :
       {"mentions", "positive", "neutral", "negative", "unknown", "people", "reach"}) {
    numbers.push_back(number(member(row, name)));
  }
  return numbers;
}

// What voice answers of the rows that are mentioned, by the same keys. Times as SQL writes them.
std::map<std::string, std::vector<double>> read_rows(const JsonValue& answer, const char* list,
                                                     const Question& question, bool previous,
                                                     TimeMs shift_ms) {
  std::map<std::string, std::vector<double>> rows;
  for (const JsonValue& row : *member(answer, list)->as<JsonArray>()) {
    const JsonValue& counted = previous ? *member(row, "previous") : row;
    const std::vector<double> numbers = numbers_of(counted);
    if (numbers.front() == 0) continue;
    const TimeMs begin = parse_time(text(member(row, "from"))).value_or(0) - shift_ms;
    rows[std::to_string(begin) + '|' + text(member(row, question.dimension)) + '|'] = numbers;
  }
  return rows;
}

// Mentions and people of all that is selected, whatever its group.
std::vector<double> total_in_sql(RandomTalk& talk, const Question& question, TimeMs from, TimeMs to,
                                 const std::string& who) {
  const auto rows =
      ask_numbers(talk,
                  std::string("SELECT 'all', count(), uniqExact(customer_id) FROM events WHERE ") +
                      kMention + " AND ts >= " + seconds(from) + " AND ts < " + seconds(to) +
                      " AND " + question.selected + " AND " + who,
                  2);
  return rows.begin()->second;
}

std::vector<double> total_of(const JsonValue* numbers) {
  return {number(member(*numbers, "mentions")), number(member(*numbers, "people"))};
}

TEST(ShowVoice, EqualsSqlOverTheEvents) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    RandomTalk talk(seed);
    const TimeMs to = RandomTalk::kNow - 13 * RandomTalk::kHour;
    const TimeMs length = 72 * RandomTalk::kHour;
    const TimeMs from = to - length;
    for (const Question& question : kQuestions) {
      for (const auto& [voices, who] : kVoices) {
        SCOPED_TRACE(std::string(question.title) + " of " + voices + ", seed " +
                     std::to_string(seed));
        Fields query = question.query;
        query.emplace_back("from", std::to_string(from));
        query.emplace_back("to", std::to_string(to));
        query.emplace_back("every", "1h");
        if (&who != &kVoices[0].second) query.emplace_back("voices", voices);
        const JsonValue answer = ask_voice(talk, query);
        const std::string hour = "toUnixTimestamp64Milli(toDateTime64(toStartOfHour(e.ts), 3))";
        const auto now = count_in_sql(talk, question, hour, from, to, who);
        const auto before = count_in_sql(talk, question, hour, from - length, from, who);
        EXPECT_EQ(now.empty() || before.empty(), std::string(voices) == "company" && now.empty());
        EXPECT_EQ(read_rows(answer, "voice", question, false, 0), now);
        EXPECT_EQ(read_rows(answer, "voice", question, true, length), before);
        const JsonValue* total = member(answer, "total");
        EXPECT_EQ(total_of(total), total_in_sql(talk, question, from, to, who));
        const JsonValue* by_company = member(*total, "by_company");
        EXPECT_EQ(total_of(by_company), total_in_sql(talk, question, from, to, kVoices[1].second));
        EXPECT_EQ(total_of(member(*by_company, "previous")),
                  total_in_sql(talk, question, from - length, from, kVoices[1].second));
      }
    }
  }
}

TEST(ShowVoice, CountsPeopleAndReachOfThePeriodOnce) {
  RandomTalk talk(7);
  for (const Question& question : kQuestions) {
    SCOPED_TRACE(question.title);
    Fields query = question.query;
    query.emplace_back("within", "5d");
    query.emplace_back("every", "1d");
    query.emplace_back("timezone", "Asia/Seoul");
    const JsonValue answer = ask_voice(talk, query);
    // The moment itself belongs to it; what is 5 days old does not.
    const TimeMs to = RandomTalk::kNow + 1;
    const TimeMs from = to - 5 * 24 * RandomTalk::kHour;
    const auto whole = count_in_sql(talk, question, "0", from, to);
    EXPECT_FALSE(whole.empty());
    EXPECT_EQ(read_rows(answer, "groups", question, false, 0), whole);
  }
}

TEST(ShowVoice, SharesAddUpAndCompareWithThePeriodBefore) {
  RandomTalk talk(4);
  const JsonValue answer =
      ask_voice(talk, {{"by", "brand,channel"}, {"within", "3d"}, {"every", "1d"}});
  std::map<std::string, double> mentions, shares, by_reach;
  for (const JsonValue& row : *member(answer, "voice")->as<JsonArray>()) {
    const std::string at = text(member(row, "from")) + text(member(row, "channel"));
    mentions[at] += number(member(row, "mentions"));
    if (number(member(row, "mentions")) > 0) shares[at] += number(member(row, "share_of_voice"));
    if (number(member(row, "reach")) > 0) {
      by_reach[at] += number(member(row, "share_of_voice_by_reach"));
    }
  }
  ASSERT_GE(shares.size(), 9U);
  for (const auto& [at, share] : shares) EXPECT_NEAR(share, 1.0, 1e-12) << at;
  for (const auto& [at, share] : by_reach) EXPECT_NEAR(share, 1.0, 1e-12) << at;
  for (const JsonValue& group : *member(answer, "groups")->as<JsonArray>()) {
    const JsonValue& before = *member(group, "previous");
    const JsonValue& change = *member(group, "change");
    const double was = number(member(before, "mentions"));
    EXPECT_DOUBLE_EQ(number(member(change, "mentions")),
                     (number(member(group, "mentions")) - was) / was);
    EXPECT_DOUBLE_EQ(
        number(member(change, "share_of_voice")),
        number(member(group, "share_of_voice")) - number(member(before, "share_of_voice")));
    const double scored = number(member(group, "positive")) + number(member(group, "neutral")) +
                          number(member(group, "negative"));
    EXPECT_DOUBLE_EQ(
        number(member(group, "net_sentiment")),
        (number(member(group, "positive")) - number(member(group, "negative"))) / scored);
  }
}

TEST(ShowVoice, TellsOwnBrandsFromRivals) {
  RandomTalk talk(5);
  const JsonValue answer = ask_voice(talk, {{"brand", "Alpen,Borea,Corvo"}});
  std::map<std::string, std::string> own;
  for (const JsonValue& group : *member(answer, "groups")->as<JsonArray>()) {
    const auto* is_own = member(group, "own")->as<bool>();
    own[text(member(group, "brand"))] = is_own == nullptr ? "?" : *is_own ? "own" : "rival";
  }
  EXPECT_EQ(own, (std::map<std::string, std::string>{
                     {"Alpen", "own"}, {"Borea", "rival"}, {"Corvo", "?"}}));
  const JsonValue sides = ask_voice(talk, {{"by", "own"}});
  EXPECT_EQ(member(sides, "groups")->as<JsonArray>()->size(), 2U);
}

TEST(ShowVoice, CountsASegmentsMembersAlone) {
  RandomTalk talk(6);
  const Response stored = talk.asked.ask(
      "PUT", "/v1/segments/seoul", R"({"definition": {"attribute": "region", "eq": "Seoul"}})");
  ASSERT_LT(stored.status, 300) << stored.body;
  const JsonValue by_segment =
      ask_voice(talk, {{"by", "segment"}, {"segment", "seoul"}, {"within", "9d"}});
  const JsonValue of_region =
      ask_voice(talk, {{"by", "region"}, {"region", "Seoul"}, {"within", "9d"}});
  const auto first = [](const JsonValue& answer) {
    return numbers_of(member(answer, "groups")->as<JsonArray>()->front());
  };
  EXPECT_GT(first(of_region).front(), 0);
  EXPECT_EQ(first(by_segment), first(of_region));
}

TEST(ShowVoice, CountsRawPostsForTheBrandTheyAreAbout) {
  testing::AskedStore asked;
  asked.set_now(RandomTalk::kNow);
  const auto put = [&](const char* name, const char* topic) {
    const Response stored = asked.ask("PUT", std::string("/v1/topics/") + name, topic);
    ASSERT_LT(stored.status, 300) << stored.body;
  };
  put("alpen", R"({"kind": "brand", "phrases": ["Alpen", "알펜"], "brand": "Alpen"})");
  put("corvo", R"({"kind": "brand", "phrases": ["Corvo"], "brand": "Corvo"})");
  put("zipper", R"({"kind": "theme", "phrases": ["zipper"]})");
  testing::BatchOf rows;
  const auto post = [&](const char* text, const char* brand) {
    rows.event(RandomTalk::kNow - 1000, "Post Created", "c1").with("text", text);
    if (brand != nullptr) rows.with("brand", brand);
  };
  post("an Alpen tent with a zipper", nullptr);
  post("알펜은 좋아요", nullptr);
  post("Alpen or Corvo", nullptr);
  post("the zipper of an Alpen", "Borea");  // Its event says whose it is.
  post("nothing", "Alpen");
  asked.append(rows);
  const auto counted = [&](Fields query) {
    const Response answer = asked.ask("GET", "/v1/listen/voice", {}, std::move(query));
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::map<std::string, double> mentions;
    const JsonValue read = read_json(answer.body).value();
    for (const JsonValue& group : *member(read, "groups")->as<JsonArray>()) {
      const std::string brand = text(member(group, "brand"));
      mentions[brand.empty() ? text(member(group, "topic")) : brand] =
          number(member(group, "mentions"));
    }
    return mentions;
  };
  using Mentions = std::map<std::string, double>;
  EXPECT_EQ(counted({{"by", "brand"}}), (Mentions{{"Alpen", 4}, {"Borea", 1}, {"Corvo", 1}}));
  EXPECT_EQ(counted({{"brand", "Alpen,Borea"}}), (Mentions{{"Alpen", 4}, {"Borea", 1}}));
  EXPECT_EQ(counted({{"by", "topic"}}), (Mentions{{"alpen", 4}, {"corvo", 1}, {"zipper", 2}}));
  EXPECT_EQ(counted({{"by", "brand"}, {"topic", "zipper"}}),
            (Mentions{{"Alpen", 1}, {"Borea", 1}}));
  const Response unknown = asked.ask("GET", "/v1/listen/voice", {}, {{"topic", "ziper"}});
  EXPECT_EQ(unknown.status, 200);
  EXPECT_NE(unknown.body.find(R"("total":{"mentions":0,)"), std::string::npos) << unknown.body;
  EXPECT_NE(unknown.body.find(R"(topic \"ziper\" is not defined; nearest: \"zipper\")"),
            std::string::npos)
      << unknown.body;
}

TEST(ShowVoice, GroupsTheMembersOfCommunities) {
  RandomTalk talk(8);
  const JsonValue answer = ask_voice(talk, {{"by", "community"}, {"within", "9d"}});
  double mentions = 0;
  for (const JsonValue& group : *member(answer, "groups")->as<JsonArray>()) {
    mentions += number(member(group, "mentions"));
  }
  const JsonValue& total = *member(answer, "total");
  EXPECT_GT(mentions, 0);
  EXPECT_EQ(mentions + number(member(total, "ungrouped")), number(member(total, "mentions")));
}

TEST(ShowVoice, ReachOfBucketsIsLeftOutOnRequest) {
  RandomTalk talk(9);
  const Fields query{{"brand", "Alpen"}, {"within", "9d"}, {"every", "1d"}, {"reach", "period"}};
  const JsonValue answer = ask_voice(talk, query);
  EXPECT_GT(number(member(member(answer, "groups")->as<JsonArray>()->front(), "reach")), 0);
  for (const JsonValue& row : *member(answer, "voice")->as<JsonArray>()) {
    EXPECT_EQ(member(row, "reach"), nullptr);
  }
}

TEST(ShowVoice, TellsAllMistakesAtOnce) {
  RandomTalk talk(1, 40);
  const auto asked = [&](Fields query) {
    const Response answer = talk.asked.ask("GET", "/v1/listen/voice", {}, std::move(query));
    return std::to_string(answer.status) + ' ' + answer.body;
  };
  const std::string many = asked({{"every", "7h"},
                                  {"timezone", "Asia/Seol"},
                                  {"reach", "far"},
                                  {"bye", "brand"},
                                  {"voices", "us"}});
  EXPECT_TRUE(many.starts_with("422")) << many;
  for (const char* place : {"?every", "?timezone", "?reach", "?bye", "?voices"}) {
    EXPECT_NE(many.find(place), std::string::npos) << place << many;
  }
  const std::string unknown = asked({{"by", "brandd,segment"}, {"segment", "vip"}});
  EXPECT_NE(unknown.find("did you mean brand?"), std::string::npos) << unknown;
  EXPECT_NE(unknown.find("no such segment: vip"), std::string::npos) << unknown;
  EXPECT_NE(asked({{"every", "1m"}}).find("more than 10000 buckets"), std::string::npos);
  EXPECT_NE(asked({{"from", "2027-01-01"}}).find("?from"), std::string::npos);
}

TEST(ShowVoice, AnswersAnEmptyStore) {
  testing::AskedStore empty;
  const Response answer = empty.ask("GET", "/v1/listen/voice", {}, {{"by", "brand"}});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(answer.body.find(R"("voice":[])"), std::string::npos) << answer.body;
}

}  // namespace
}  // namespace grapevine
