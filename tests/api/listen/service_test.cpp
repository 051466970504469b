#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <tbb/global_control.h>

#include "api/parse/time.hpp"
#include "kernels/listen/kaplan_meier_reference.hpp"
#include "tests/api/listen/service_rows.hpp"

namespace grapevine {
namespace {

using Json = nlohmann::json;
using testing::ExpectedCase;
using testing::RandomService;
using testing::ServiceRow;

constexpr TimeMs kHour = RandomService::kHour;
constexpr TimeMs kTarget = 4 * kHour;
constexpr const char* kPercents[] = {"p50_ms", "p75_ms", "p90_ms", "p95_ms"};

Json ask(RandomService& world, const std::string& path, Fields query) {
  const Response answer = world.asked.ask("GET", path, {}, std::move(query));
  EXPECT_EQ(answer.status, 200) << answer.body;
  return Json::parse(answer.body);
}

Json maybe(bool is_there, double number) {
  return is_there ? Json(static_cast<std::int64_t>(number)) : Json(nullptr);
}

// The numbers of one kind of wait, from its lengths.
void expect_waits(const Json& told, const std::vector<Wait>& waits) {
  std::vector<TimeMs> ended;
  for (const Wait& wait : waits) {
    if (wait.ended) ended.push_back(wait.length);
  }
  std::ranges::sort(ended);
  EXPECT_EQ(told.at("ended"), ended.size());
  EXPECT_EQ(told.at("waiting"), waits.size() - ended.size());
  const auto steps = kaplan_meier_reference(waits);
  const double percents[] = {50, 75, 90, 95};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(static_cast<double>(ended.size()) * percents[i] / 100));
    EXPECT_EQ(told.at("of_ended").at(kPercents[i]),
              maybe(!ended.empty(), ended.empty() ? 0 : static_cast<double>(ended[rank - 1])));
    const auto reached = std::ranges::find_if(
        steps, [&](const auto& step) { return step.share <= 1 - percents[i] / 100 + 1e-9; });
    const bool is_reached = reached != steps.end();
    EXPECT_EQ(told.at("estimated").at(kPercents[i]).at("value"),
              maybe(is_reached, is_reached ? static_cast<double>(reached->length) : 0));
  }
}

void expect_numbers(const Json& told, const std::vector<const ExpectedCase*>& cases) {
  std::map<std::string, std::size_t> counts{
      {"opened", cases.size()}, {"tickets", 0},  {"posts", 0}, {"answered", 0},
      {"resolved", 0},          {"reopened", 0}, {"open", 0}};
  std::map<std::string, std::size_t> by{{"ticket", 0}, {"harm", 0}, {"words", 0}, {"sentiment", 0}};
  std::vector<Wait> answers, resolutions;
  std::size_t within = 0, missed = 0;
  for (const ExpectedCase* one : cases) {
    ++counts[one->is_ticket ? "tickets" : "posts"];
    ++by[one->is_ticket ? "ticket" : testing::complains_by(one->row)];
    counts["answered"] += one->answered ? 1 : 0;
    counts["resolved"] += one->resolved ? 1 : 0;
    counts["reopened"] += one->is_again ? 1 : 0;
    counts["open"] += (one->is_ticket ? one->resolved : one->answered) ? 0 : 1;
    const auto wait = [&](const std::optional<TimeMs>& end) {
      return Wait{end.value_or(RandomService::kNow) - one->row.ts, end.has_value()};
    };
    answers.push_back(wait(one->answered));
    if (one->is_ticket) resolutions.push_back(wait(one->resolved));
    within += answers.back().ended && answers.back().length <= kTarget ? 1 : 0;
    missed += answers.back().length > kTarget ? 1 : 0;
  }
  for (const auto& [name, count] : counts) EXPECT_EQ(told.at(name), count) << name;
  EXPECT_EQ(told.at("counted_by"), Json(by));
  expect_waits(told.at("first_answer"), answers);
  expect_waits(told.at("resolution"), resolutions);
  const Json& target = told.at("within_target");
  EXPECT_EQ(target.at("answered"), within);
  EXPECT_EQ(target.at("missed"), missed);
  EXPECT_EQ(target.at("undecided"), cases.size() - within - missed);
}

struct Question {
  const char* title;
  Fields query;
  const char* dimension;
  std::function<std::string(const ServiceRow&)> group;
  std::function<bool(const ServiceRow&)> is_meant;
  bool of_any_brand = false;
};

std::vector<Question> questions() {
  const auto any = [](const ServiceRow&) { return true; };
  return {{"channels", {{"by", "channel"}}, "channel", &ServiceRow::channel, any},
          {"products of a channel",
           {{"by", "product"}, {"channel", "web,call"}},
           "product",
           &ServiceRow::product,
           [](const ServiceRow& row) { return row.channel == "web" || row.channel == "call"; }},
          {"brands that are named",
           {{"by", "brand"}, {"brand", "Borea,Alpen"}},
           "brand",
           &ServiceRow::brand,
           [](const ServiceRow& row) { return row.brand == "Borea" || row.brand == "Alpen"; },
           true}};
}

TEST(ShowService, EqualsEachRowHeldAgainstEachOther) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    RandomService world(seed);
    const auto rows = testing::read_service_rows(world.asked);
    ASSERT_GT(rows.size(), 1000U);
    const TimeMs from = RandomService::kNow - 60 * RandomService::kDay;
    const TimeMs to = RandomService::kNow - 5 * RandomService::kDay;
    for (const Question& question : questions()) {
      SCOPED_TRACE(std::string(question.title) + ", seed " + std::to_string(seed));
      Fields query = question.query;
      query.emplace_back("from", std::to_string(from));
      query.emplace_back("to", std::to_string(to));
      query.emplace_back("every", "1w");
      query.emplace_back("target", "4h");
      const Json told = ask(world, "/v1/listen/service", query);
      std::size_t untraceable = 0;
      std::vector<ServiceRow> meant;  // Of openings those that are meant, of the rest all.
      for (const ServiceRow& row : rows) {
        const bool is_opening = row.event == "Ticket Opened" || row.event == "Post Created";
        if (!is_opening || question.is_meant(row)) meant.push_back(row);
      }
      auto cases = testing::expected_cases(meant, from, to, question.of_any_brand, untraceable);
      testing::mark_again(cases);
      std::map<std::string, std::vector<const ExpectedCase*>> groups, cells;
      std::vector<const ExpectedCase*> all;
      for (const ExpectedCase& one : cases) {
        all.push_back(&one);
        const std::string group = question.group(one.row);
        if (!group.empty()) groups[group].push_back(&one);
      }
      EXPECT_GT(all.size(), 20U);
      expect_numbers(told.at("total"), all);
      if (question.is_meant(ServiceRow{})) {
        EXPECT_EQ(told.at("total").at("untraceable"), untraceable);
      }
      EXPECT_EQ(told.at("groups").size(), groups.size());
      for (const Json& group : told.at("groups")) {
        SCOPED_TRACE(group.dump());
        expect_numbers(group, groups[group.at(question.dimension)]);
      }
      for (const Json& row : told.at("service")) {
        const TimeMs begin = parse_time(row.at("from").get<std::string>()).value();
        const TimeMs end = parse_time(row.at("to").get<std::string>()).value();
        std::vector<const ExpectedCase*> cell;
        for (const ExpectedCase* one : groups[row.at(question.dimension)]) {
          if (one->row.ts >= begin && one->row.ts < end) cell.push_back(one);
        }
        expect_numbers(row, cell);
      }
    }
  }
}

TEST(ShowService, KnowsNothingAfterItsMoment) {
  RandomService world(4);
  const TimeMs as_of = RandomService::kNow - 100 * RandomService::kDay;
  const auto asked = [&] {
    Json told = ask(world, "/v1/listen/service",
                    {{"as_of", std::to_string(as_of)}, {"target", "4h"}, {"by", "channel"}});
    told.erase("snapshot");
    told.erase("elapsed_ms");
    return told;
  };
  const Json before = asked();
  EXPECT_GT(before.at("total").at("first_answer").at("waiting"), 0);
  testing::BatchOf later;
  for (int i = 0; i < 400; ++i) {
    later.event(as_of + 1 + i, "Ticket Answered", "agent1")
        .with("properties.ticket_id", static_cast<std::int64_t>(i));
  }
  world.asked.append(later);
  EXPECT_EQ(asked(), before);
}

TEST(ShowService, SameAnswerForAnyNumberOfThreads) {
  RandomService world(5);
  const auto with_threads = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    Json both;
    for (const char* path : {"/v1/listen/service", "/v1/listen/advocacy"}) {
      both[path] = ask(world, path, {{"channel", "web,app"}});
      both[path].erase("elapsed_ms");
    }
    return both;
  };
  const Json one = with_threads(1);
  EXPECT_EQ(one, with_threads(2));
  EXPECT_EQ(one, with_threads(8));
}

TEST(ShowService, CountsEveryPostWhereNobodyOwnsABrand) {
  RandomService world(6, 500, false);
  const Json told = ask(world, "/v1/listen/service", {{"by", "brand"}});
  std::size_t posts = 0;
  for (const Json& group : told.at("groups")) posts += group.at("posts").get<std::size_t>();
  EXPECT_GT(posts, 10U);
  EXPECT_EQ(told.at("groups").size(), 3U);
}

TEST(ShowService, TellsAllMistakesAtOnce) {
  RandomService world(1, 20);
  const auto asked = [&](const char* path, Fields query) {
    const Response answer = world.asked.ask("GET", path, {}, std::move(query));
    return std::to_string(answer.status) + ' ' + answer.body;
  };
  const std::string many = asked(
      "/v1/listen/service",
      {{"every", "7h"}, {"target", "soon"}, {"by", "a,b,c"}, {"limit", "0"}, {"bye", "brand"}});
  EXPECT_TRUE(many.starts_with("422")) << many;
  for (const char* place : {"?every", "?target", "?by", "?limit", "?bye"}) {
    EXPECT_NE(many.find(place), std::string::npos) << place << many;
  }
  EXPECT_NE(asked("/v1/listen/service", {{"by", "channl"}}).find("did you mean channel?"),
            std::string::npos);
  EXPECT_NE(asked("/v1/listen/service", {{"every", "1m"}}).find("more than 10000 buckets"),
            std::string::npos);
  EXPECT_NE(asked("/v1/listen/service", {{"target", "9999w"}}).find("up to 366d"),
            std::string::npos);
  const std::string wrong = asked(
      "/v1/listen/advocacy", {{"days", "0"}, {"target", "1"}, {"every", "1d"}, {"topic", "x"}});
  for (const char* place : {"?days", "?target", "?every"}) {
    EXPECT_NE(wrong.find(place), std::string::npos) << place << wrong;
  }
  EXPECT_NE(asked("/v1/listen/advocacy", {{"from", "2027-01-01"}}).find("?from"),
            std::string::npos);
}

TEST(ShowService, AnswersAnEmptyStore) {
  testing::AskedStore empty;
  const Response service = empty.ask("GET", "/v1/listen/service", {}, {{"by", "brand"}});
  EXPECT_EQ(service.status, 200) << service.body;
  EXPECT_NE(service.body.find(R"("service":[])"), std::string::npos) << service.body;
  const Response advocacy = empty.ask("GET", "/v1/listen/advocacy");
  EXPECT_EQ(advocacy.status, 200) << advocacy.body;
  EXPECT_EQ(Json::parse(advocacy.body).at("effects")[0].at("difference"), nullptr);
}

TEST(ShowService, StopsWhenNobodyWaits) {
  RandomService world(1, 20);
  world.asked.stop().request();
  for (const char* path : {"/v1/listen/service", "/v1/listen/advocacy"}) {
    EXPECT_GE(world.asked.ask("GET", path).status, 400);
  }
}

// A complaint is what the inbox calls one, whatever its sentiment is.
TEST(ShowService, CountsTheComplaintsOfTheInbox) {
  testing::AskedStore office;
  office.set_now(RandomService::kNow);
  testing::BatchOf rows;
  int posts = 0;
  const auto post = [&](const char* who, const char* text, double sentiment) {
    rows.event(RandomService::kNow - 1000 * ++posts, "Post Created", who).with("text", text);
    rows.with("brand", "Alpen").with("sentiment", sentiment);
    rows.with("content_id", ("c" + std::to_string(posts)).c_str());
  };
  post("ann", "the kettle exploded", 0.4);
  post("bob", "폭발했어요", 0.0);
  post("cat", "the lid is broken", 0.0);
  post("dan", "so so", -0.3);
  post("eve", "where can I buy it?", -0.3);  // A question.
  post("fay", "lovely", 0.8);
  post("clerk", "the kettle exploded, we are sorry", -0.5);
  rows.traits(RandomService::kNow, "clerk").with("kind", "employee");
  rows.traits(RandomService::kNow, "alpen").with("kind", "brand").with("name", "Alpen");
  rows.with("own", true);
  office.append(rows);
  const auto asked = [&](const char* path, Fields query) {
    const Response answer = office.ask("GET", path, {}, std::move(query));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json::parse(answer.body);
  };
  const Json total = asked("/v1/listen/service", {}).at("total");
  EXPECT_EQ(total.at("opened"), 4);
  EXPECT_EQ(total.at("counted_by"),
            Json::parse(R"({"ticket": 0, "harm": 2, "words": 1, "sentiment": 1})"));
  EXPECT_EQ(asked("/v1/listen/inbox", {{"kind", "complaint"}}).at("count"), 4);
}

TEST(ShowService, TellsOfNamesThatNobodySaid) {
  RandomService world(1, 60);
  const Json told = ask(world, "/v1/listen/service", {{"brand", "Alpin"}, {"by", "brand"}});
  EXPECT_EQ(told.at("total").at("opened"), 0);
  EXPECT_EQ(told.at("warnings"),
            Json::parse(R"(["brand \"Alpin\" was never seen; nearest: \"Alpen\""])"));
  for (const char* path :
       {"/v1/listen/voice", "/v1/listen/terms", "/v1/listen/inbox", "/v1/listen/advocacy"}) {
    const Json answer = ask(world, path,
                            {{"brand", "Alpen"},
                             {"product", "p99999"},
                             {"topic", "nothing"},
                             {"channel", "wbe,app"},
                             {"account", "@won"},
                             {"region", "Seuol"}});
    EXPECT_EQ(
        answer.at("warnings"),
        Json::parse(R"(["product \"p99999\" was never seen", "topic \"nothing\" is not defined",
                              "account \"@won\" was never seen; nearest: \"@own\"",
                              "channel \"wbe\" was never seen; nearest: \"web\"",
                              "region \"Seuol\" was never seen; nearest: \"Seoul\""])"))
        << path;
    EXPECT_EQ(ask(world, path, {{"brand", "Alpen"}}).at("warnings"), Json::array()) << path;
  }
}

TEST(ShowService, AnswersAsTextsToo) {
  RandomService world(1, 100);
  const auto asked = [&](const char* format) {
    return world.asked.ask("GET", "/v1/listen/service", {},
                           {{"by", "channel"}, {"target", "4h"}, {"format", format}});
  };
  const Json rows = ask(world, "/v1/listen/service", {{"by", "channel"}, {"target", "4h"}});
  const Response lines = asked("ndjson");
  EXPECT_EQ(lines.content_type, "application/x-ndjson");
  std::istringstream read(lines.body);
  std::size_t count = 0;
  for (std::string line; std::getline(read, line); ++count) {
    EXPECT_EQ(Json::parse(line), rows.at("service").at(count));
  }
  EXPECT_EQ(count, rows.at("service").size());
  const Response csv = asked("csv");
  EXPECT_EQ(csv.content_type, "text/csv");
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), static_cast<std::ptrdiff_t>(count) + 1);
  EXPECT_NE(csv.body.find(",first_answer.ended,first_answer.waiting,first_answer.of_ended.p50_ms,"),
            std::string::npos)
      << csv.body;
  EXPECT_NE(find_field(csv.headers, "X-Grapevine-Snapshot"), nullptr);
}

TEST(ShowService, AnswersAsArrowToo) {
  RandomService world(1, 100);
  for (const char* path : {"/v1/listen/service", "/v1/listen/advocacy"}) {
    const Response answer = world.asked.ask("GET", path, {}, {{"format", "arrow"}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body.find("\"as_of\""), std::string::npos);
  }
}

}  // namespace
}  // namespace grapevine
