#include <algorithm>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "api/execute/inbox_list.hpp"
#include "tests/api/asked.hpp"
#include "tests/api/listen/random_talk.hpp"
#include "tests/api/sql/asked_sql.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using testing::BatchOf;

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kNow = 1'795'305'600'000;

bool says(const Response& answer, const std::string& text) {
  return answer.body.find(text) != std::string::npos;
}

// The values of a member of every item, in order.
std::vector<std::string> of_items(const Response& answer, const char* member) {
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(answer.body);
  std::vector<std::string> values;
  for (const simdjson::dom::element item : root["items"].get_array()) {
    const simdjson::dom::element value = item[member];
    values.push_back(value.is_string() ? std::string(value.get_string().value())
                                       : simdjson::minify(value));
  }
  return values;
}

// A company with a brand, an employee and a rival; people who write to and about them.
class Office {
 public:
  Office() {
    asked.set_now(kNow);
    BatchOf rows;
    say(rows, 20, "Post Created", "loud", "the lid broke, what a useless pan")
        .with("brand", "Alpen");
    rows.with("content_id", "p1");
    say(rows, 3, "Post Created", "quiet", "my pan caught fire").with("brand", "Alpen");
    rows.with("content_id", "p2").with("channel", "blog");
    say(rows, 5, "Post Created", "ann", "where can I buy it?").with("account", "@alpen");
    rows.with("content_id", "p3");
    say(rows, 6, "Post Replied", "bob", "love it, thanks").target("brand_a");
    rows.with("content_id", "p4").with("parent_id", "own");
    say(rows, 7, "Post Created", "cat", "it leaks, broken").with("brand", "Borea");
    rows.with("content_id", "p5");
    say(rows, 8, "Post Created", "dan", "the handle is broken").with("brand", "Alpen");
    rows.with("content_id", "p6");
    rows.event(kNow - 7 * kHour, "Post Replied", "clerk").with("parent_id", "p6");
    rows.with("text", "we are sorry");
    say(rows, 9, "Ticket Opened", "eve", "my order never arrived")
        .with("properties.ticket_id", std::int64_t{7});
    say(rows, 10, "Ticket Opened", "fay", "charged twice")
        .with("properties.ticket_id", std::int64_t{8});
    rows.event(kNow - 2 * kHour, "Ticket Answered", "clerk").with("properties.ticket_id", "8");
    say(rows, 1, "Post Created", "brand_a", "our new pan").with("brand", "Alpen");
    say(rows, 4, "Post Created", "hush", "the pan hurt my hand").with("brand", "Alpen");
    say(rows, 4, "Post Created", "gone", "the pan hurt my hand, xylophone").with("brand", "Alpen");
    for (int i = 0; i < 6; ++i) {
      rows.event(kNow - kHour * 19 + i, "Post Shared", "fan" + std::to_string(i));
      rows.with("parent_id", "p1").with("content_id", ("s" + std::to_string(i)).c_str());
    }
    rows.traits(kNow, "brand_a").with("kind", "brand").with("name", "Alpen").with("own", true);
    rows.traits(kNow, "brand_b").with("kind", "brand").with("name", "Borea").with("own", false);
    rows.traits(kNow, "clerk").with("kind", "employee");
    rows.traits(kNow, "hush").with("processing_restricted", true);
    asked.append(rows);
  }
  static BatchOf& say(BatchOf& rows, int hours_ago, const char* event, const char* who,
                      const char* text) {
    return rows.event(kNow - hours_ago * kHour, event, who).with("text", text);
  }
  Response ask(Fields query = {}) {
    return asked.ask("GET", "/v1/listen/inbox", {}, std::move(query));
  }
  AskedStore asked;
};

using Names = std::vector<std::string>;

TEST(ShowInbox, TakesWhatConcernsTheCompanyAndWaits) {
  Office office;
  const Response answer = office.ask();
  ASSERT_EQ(answer.status, 200) << answer.body;
  Names who = of_items(answer, "customer_id");
  EXPECT_EQ(who.front(), "quiet") << answer.body;  // Lives are at stake.
  EXPECT_EQ(who[1], "gone");
  std::sort(who.begin(), who.end());
  EXPECT_EQ(who, (Names{"ann", "bob", "eve", "gone", "loud", "quiet"}));
  EXPECT_TRUE(says(answer, R"("basis":"own","own_brands":["Alpen","brand_a"],"company_voices":2)"))
      << answer.body;
  EXPECT_TRUE(says(answer, R"("withheld":{"restricted":1},"count":6)")) << answer.body;
  EXPECT_TRUE(says(answer, R"("reasons":["complaint: words of harm, 'caught fire'")"))
      << answer.body;
  EXPECT_TRUE(says(answer, R"("ticket_id":"7")")) << answer.body;
  EXPECT_TRUE(says(answer, R"("severity":"critical","count":1,"overdue":1})")) << answer.body;
  EXPECT_TRUE(says(answer, R"("forecast":{"shares":6,)")) << answer.body;
}

// A new server knows of nobody who they are: what is said is shown, and the basis says so.
TEST(ShowInbox, TakesEverythingWhereNoBrandIsKnownAsOnesOwn) {
  AskedStore asked;
  asked.set_now(kNow);
  BatchOf rows;
  Office::say(rows, 3, "Post Created", "quiet", "the kettle burned my hand")
      .with("content_id", "p1");
  Office::say(rows, 2, "Post Created", "ann", "where can I buy it?").with("brand", "Alpen");
  asked.append(rows);
  const Response answer = asked.ask("GET", "/v1/listen/inbox", {}, {});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(of_items(answer, "customer_id"), (Names{"quiet", "ann"})) << answer.body;
  EXPECT_TRUE(says(answer, R"("basis":"all","own_brands":[],"company_voices":0)")) << answer.body;
}

TEST(ShowInbox, ListsTheAnsweredWhenAsked) {
  Office office;
  const Response answer = office.ask({{"status", "answered"}});
  EXPECT_EQ(of_items(answer, "customer_id").size(), 2U) << answer.body;
  EXPECT_TRUE(says(answer, R"("answered_at":"2026-11-21T17:00:00.000Z")")) << answer.body;
  EXPECT_TRUE(says(answer, "answered after 60 min, target ")) << answer.body;
  EXPECT_EQ(of_items(office.ask({{"status", "all"}}), "rank").size(), 8U);
  const Response then = office.ask({{"status", "answered"}, {"as_of", "2026-11-21T16:59:59Z"}});
  EXPECT_EQ(of_items(then, "rank").size(), 0U) << then.body;
}

TEST(ShowInbox, TakesWhatIsNamed) {
  Office office;
  const Response rival = office.ask({{"brand", "Borea"}});
  EXPECT_EQ(of_items(rival, "customer_id"), (Names{"cat"})) << rival.body;
  EXPECT_TRUE(says(rival, R"("basis":"asked","own_brands":[])"));
  EXPECT_EQ(of_items(office.ask({{"channel", "blog"}}), "customer_id"), (Names{"quiet"}));
  EXPECT_EQ(of_items(office.ask({{"kind", "question"}}), "customer_id"), (Names{"ann"}));
  EXPECT_EQ(of_items(office.ask({{"kind", "praise"}}), "customer_id"), (Names{"bob"}));
  EXPECT_EQ(of_items(office.ask({{"severity", "severe"}}), "customer_id"),
            (Names{"quiet", "gone"}));
  EXPECT_EQ(of_items(office.ask({{"within", "2h"}}), "rank").size(), 0U);
}

TEST(ShowInbox, ATargetSaysWhatIsLate) {
  Office office;
  const Response answer = office.ask({{"target", "4h"}, {"severity", "critical"}});
  EXPECT_TRUE(says(answer, R"("time_left_ms":3600000)")) << answer.body;
  EXPECT_TRUE(says(answer, R"("due":"2026-11-22T01:00:00.000Z")")) << answer.body;
  EXPECT_TRUE(says(answer, R"(60 min left of a target of 4 h)")) << answer.body;
}

TEST(ShowInbox, PagesAgreeWithTheWholeWhileWritesGoOn) {
  Office office;
  const Names whole = of_items(office.ask(), "customer_id");
  Names paged;
  Fields query{{"limit", "2"}, {"kind", "complaint,question,praise,other"}};
  for (int page = 0; page < 5; ++page) {
    const Response answer = office.ask(query);
    ASSERT_EQ(answer.status, 200) << answer.body;
    for (const std::string& who : of_items(answer, "customer_id")) paged.push_back(who);
    BatchOf more;
    Office::say(more, 0, "Post Created", "late", "it exploded").with("brand", "Alpen");
    office.asked.append(more);
    simdjson::dom::parser parser;
    std::string_view next;
    if (parser.parse(answer.body)["next_cursor"].get(next) != simdjson::SUCCESS) break;
    query = {{"cursor", std::string(next)}};
  }
  EXPECT_EQ(paged, whole);
  query.emplace_back("kind", "praise");
  EXPECT_EQ(office.ask(query).status, 422);
}

TEST(ShowInbox, ForgetsTheErasedAlsoOnLaterPages) {
  Office office;
  const Response first = office.ask({{"limit", "1"}});
  simdjson::dom::parser parser;
  const std::string next(parser.parse(first.body)["next_cursor"].get_string().value());
  ASSERT_TRUE(office.asked.store().erase("gone", kNow).ok());
  const Response second = office.ask({{"cursor", next}, {"limit", "100"}});
  EXPECT_EQ(second.status, 200);
  EXPECT_FALSE(says(second, "xylophone")) << second.body;
  EXPECT_EQ(of_items(second, "customer_id").size(), 4U) << second.body;
}

TEST(ShowInbox, TellsAllMistakesAtOnce) {
  Office office;
  const Response answer = office.ask({{"status", "closed"},
                                      {"kind", "anger"},
                                      {"severity", "bad"},
                                      {"target", "soon"},
                                      {"max_staleness", "x"},
                                      {"limit", "1001"},
                                      {"from", "yesterdayish"},
                                      {"brandd", "Alpen"}});
  EXPECT_EQ(answer.status, 422);
  for (const char* place : {"?status", "?kind", "?severity", "?target", "?max_staleness", "?limit",
                            "?from", "?brandd"}) {
    EXPECT_TRUE(says(answer, place)) << place << answer.body;
  }
  EXPECT_EQ(office.ask({{"cursor", "zzz"}}).status, 410);
  EXPECT_TRUE(says(office.ask({{"target", "9999w"}}), "up to 366d"));
  const Response moment = office.ask({{"as_of", "noon"}, {"snapshot", "x"}});
  for (const std::string place : {R"("?as_of")", R"("?snapshot")"}) {  // Each mistake once.
    EXPECT_EQ(moment.body.find(place), moment.body.rfind(place)) << moment.body;
    EXPECT_TRUE(says(moment, place)) << moment.body;
  }
  EXPECT_EQ(office.ask({{"from", "2030-01-01"}}).status, 422);
}

TEST(ShowInbox, AnswersAnEmptyStoreAndStops) {
  AskedStore empty;
  const Response answer = empty.ask("GET", "/v1/listen/inbox");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(says(answer, R"("items":[])")) << answer.body;
  Office office;
  office.asked.stop().request();
  EXPECT_EQ(office.ask().status, 503);
}

// One severity is from where on, several are those.
TEST(ShowInbox, ListsSeveritiesThatAreNamed) {
  Office office;
  const auto severities = [&](const char* asked) {
    const Response answer = office.ask({{"severity", asked}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    const Names of = of_items(answer, "severity");
    return std::set<std::string>(of.begin(), of.end());
  };
  using Set = std::set<std::string>;
  const Set all = severities("none");
  EXPECT_TRUE(all.contains("critical") && all.contains("mild")) << all.size();
  EXPECT_EQ(severities("severe,critical"), severities("severe"));
  EXPECT_EQ(severities("critical"), Set{"critical"});
  EXPECT_EQ(severities("mild,critical"), (Set{"mild", "critical"}));
  EXPECT_EQ(office.ask({{"severity", "mild,bad"}}).status, 422);
  EXPECT_EQ(office.ask({{"severity", ","}}).status, 422);
}

TEST(ShowInbox, AnswersAsTexts) {
  Office office;
  const Response csv = office.ask({{"format", "csv"}, {"limit", "2"}});
  EXPECT_EQ(csv.content_type, "text/csv");
  EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), 3) << csv.body;
  EXPECT_TRUE(csv.body.starts_with("rank,event_id,event,content_id,")) << csv.body;
  EXPECT_TRUE(says(csv, "spread.people,spread.error,spread.shares,spread.forecast,urgency"));
  EXPECT_TRUE(says(csv, "my pan caught fire"));
  const std::string* cursor = find_field(csv.headers, "X-Grapevine-Next-Cursor");
  ASSERT_NE(cursor, nullptr);
  const Response next = office.ask({{"format", "ndjson"}, {"cursor", *cursor}});
  EXPECT_EQ(next.content_type, "application/x-ndjson");
  EXPECT_TRUE(next.body.starts_with(R"({"rank":3,)")) << next.body;
}

TEST(ShowInbox, IsATableFunctionOfSql) {
  Office office;
  const Response all = office.ask();
  Names told, expected;
  const auto rows = testing::ask_sql(office.asked,
                                     "SELECT rank, customer_id, severity, text, due > ts, channel "
                                     "IS NULL FROM inbox() ORDER BY rank");
  std::istringstream lines(rows);
  for (std::string line; std::getline(lines, line);) {
    told.push_back(line.substr(line.find('\t') + 1, line.rfind("\t1\t") - line.find('\t') - 1));
  }
  const Names who = of_items(all, "customer_id"), severity = of_items(all, "severity"),
              text = of_items(all, "text");
  for (std::size_t i = 0; i < who.size(); ++i) {
    expected.push_back(who[i] + '\t' + severity[i] + '\t' + text[i]);
  }
  EXPECT_EQ(told, expected);
  EXPECT_EQ(testing::ask_sql(office.asked,
                             "SELECT customer_id, channel, content_id FROM inbox('{\"brand\": "
                             "[\"Alpen\"], \"severity\": \"critical\"}')"),
            "quiet\tblog\tp2\n");
  EXPECT_EQ(testing::ask_sql(office.asked, "SELECT count() FROM inbox('{\"brand\": \"None\"}')"),
            "0\n");
  const auto failed = [&](const std::string& argument) {
    return testing::ask_sql(office.asked, "SELECT * FROM inbox('" + argument + "')");
  };
  const auto has = [](const std::string& told_of, const char* part) {
    return told_of.find(part) != std::string::npos;
  };
  EXPECT_TRUE(has(failed(R"({"severty": "mild"})"), "did you mean severity?"));
  EXPECT_TRUE(has(failed(R"({"limit": 3})"), "/limit")) << failed(R"({"limit": 3})");
  EXPECT_TRUE(has(failed("{"), "BAD_ARGUMENTS")) << failed("{");
}

TEST(ShowInbox, AnswersAsArrow) {
  Office office;
  const Response answer = office.ask({{"format", "arrow"}});
  EXPECT_EQ(answer.status, 200) << answer.body.substr(0, 300);
  EXPECT_EQ(answer.content_type, "application/vnd.apache.arrow.stream");
}

// Late and second copies, people who turn out to be one, people who are erased.
TEST(ShowInbox, HoldsWhatSqlCounts) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    testing::RandomTalk talk(seed);
    const auto items = [&](const Fields& query) {
      const Response answer = talk.asked.ask("GET", "/v1/listen/inbox", {}, query);
      EXPECT_EQ(answer.status, 200) << answer.body;
      Names ids = of_items(answer, "event_id");
      std::sort(ids.begin(), ids.end());
      return ids;
    };
    const auto in_sql = [&](const std::string& where) {
      std::istringstream lines(testing::ask_sql(
          talk.asked,
          "SELECT event_id FROM events WHERE text != '' AND ts <= toDateTime64('2026-11-22 "
          "00:00:00', 3, 'UTC') AND customer_id NOT IN ('brand_a', 'staff1') AND " +
              where + " FORMAT TSV"));
      Names ids;
      for (std::string line; std::getline(lines, line);) ids.push_back(line);
      std::sort(ids.begin(), ids.end());
      return ids;
    };
    const Names own = items({{"status", "all"}, {"limit", "1000"}});
    EXPECT_GT(own.size(), 100U);
    EXPECT_EQ(own, in_sql("(brand IN ('Alpen', 'brand_a') OR account IS NOT NULL OR target_id "
                          "IN ('brand_a', 'staff1') OR event = 'Ticket Opened')"));
    EXPECT_EQ(items({{"status", "all"}, {"limit", "1000"}, {"brand", "Borea"}, {"channel", "web"}}),
              in_sql("brand = 'Borea' AND channel = 'web'"));
  }
}

TEST(InboxOrder, SevereWordsOfQuietPeopleComeFirst) {
  std::mt19937_64 random(3);
  const auto any_item = [&] {
    RankedItem ranked;
    ranked.item.severity = static_cast<Severity>(random() % kSeverities);
    ranked.item.ts = static_cast<TimeMs>(random() % 5);
    ranked.item.sequence = random() % 1000;
    ItemSpread spread;
    if (random() % 3 != 0) spread.people = static_cast<double>(random() % 1'000'000);
    if (random() % 3 == 0) {
      spread.forecast.emplace();
      spread.shares = random() % 100;
      spread.shared_lately = random() % 2 == 0;
      spread.forecast->supercritical = random() % 2 == 0;
      if (!spread.forecast->supercritical) spread.forecast->expected = 1e9;
    }
    ranked.urgency = urgency_of(spread, 1'000'000, static_cast<TimeMs>(random() % 1'000'000'000),
                                1 + static_cast<TimeMs>(random() % 1'000'000));
    return ranked;
  };
  InboxList list;
  for (int i = 0; i < 500; ++i) list.items.push_back(any_item());
  const auto whole = list.page(0, 500);
  for (std::size_t i = 1; i < whole.size(); ++i) {
    EXPECT_GE(whole[i - 1]->item.severity, whole[i]->item.severity);
    EXPECT_FALSE(is_before(*whole[i], *whole[i - 1]));
  }
  for (std::size_t begin = 0; begin < 500; begin += 37) {
    const auto page = list.page(begin, begin + 37);
    for (std::size_t i = 0; i < page.size(); ++i) {
      EXPECT_FALSE(is_before(*page[i], *whole[begin + i]));
      EXPECT_FALSE(is_before(*whole[begin + i], *page[i]));
    }
  }
}

TEST(InboxOrder, TwiceThePeopleCountAsTwiceTheWait) {
  const auto urgency = [](std::optional<double> people, TimeMs age_ms) {
    return urgency_of({.people = people}, 10, age_ms, kHour);
  };
  EXPECT_EQ(urgency(4.0, 0), 4.0);
  EXPECT_EQ(urgency(2.0, kHour), 4.0);
  EXPECT_EQ(urgency(std::nullopt, 3 * kHour), 4.0);
  ItemSpread spread{.people = 2.0, .shares = 5};
  EXPECT_EQ(urgency_of(spread, 10, 0, kHour), 6.0);
  spread.forecast.emplace().expected = 7.5;
  EXPECT_EQ(urgency_of(spread, 10, 0, kHour), 8.5);
  spread.forecast->expected.reset();
  spread.forecast->supercritical = true;
  EXPECT_EQ(urgency_of(spread, 10, 0, kHour), 6.0);  // It has come to rest.
  spread.shared_lately = true;
  EXPECT_EQ(urgency_of(spread, 10, 0, kHour), 10.0);
}

}  // namespace
}  // namespace grapevine
