// LIMIT from the end, and the totals of groups that HAVING leaves, each against another way to ask.

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include <gmock/gmock.h>

#include "tests/api/sql/tables/rows_asked.hpp"

namespace grapevine::sql {
namespace {

using grapevine::testing::AskedStore;
using grapevine::testing::BatchOf;
using grapevine::testing::rows_asked;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kChannels[] = {"app", "web", "store", "e-mail"};

void fill(AskedStore& asked) {
  std::mt19937 random(5);
  BatchOf batch;
  for (int i = 0; i < 5000; ++i) {
    batch.event(1'700'000'000'000 + i * 1'000'000LL, i % 3 == 0 ? "Order Completed" : "Page Viewed",
                "p" + std::to_string(random() % 900));
    batch.with("value", static_cast<double>(random() % 100));
    if (random() % 4 != 0) batch.with("channel", kChannels[random() % 4]);
  }
  asked.append(batch);
}

TEST(LimitFromTheEnd, IsTheLimitOfTheOtherOrder) {
  AskedStore asked;
  for (const std::string rows : {"0", "3", "16384", "50000"}) {
    for (const auto& [from_end, from_beginning] :
         {std::pair<std::string, std::string>{"LIMIT -3", "LIMIT 3"},
          {"LIMIT -20000 OFFSET -10000", "LIMIT 20000 OFFSET 10000"},
          {"OFFSET -49998", "OFFSET 49998"},
          {"LIMIT -1 OFFSET -50000", "LIMIT 1 OFFSET 50000"}}) {
      const std::string of =
          "SELECT count(), sum(n), min(n), max(n) FROM (SELECT number AS n FROM "
          "numbers(" +
          rows + ") ORDER BY n ";
      EXPECT_EQ(rows_asked(asked, of + from_end + ")"),
                rows_asked(asked, of + "DESC " + from_beginning + ")"))
          << rows << ' ' << from_end;
    }
  }
  // As it is read, without an order, and outermost.
  EXPECT_THAT(rows_asked(asked, std::string("SELECT number FROM numbers(100000) LIMIT -2")),
              ElementsAre("99998", "99999"));
}

TEST(LimitFromTheEnd, IsExplained) {
  AskedStore asked;
  EXPECT_THAT(rows_asked(asked, std::string("EXPLAIN SELECT 1 LIMIT -2 OFFSET -1"))[0],
              HasSubstr("Limit the last 2 offset 1 from the end"));
}

TEST(TotalsOfHaving, AreOfTheRowsOfItsGroups) {
  AskedStore asked;
  fill(asked);
  const std::string calls =
      ", count(), sum(value), uniqExact(customer_id), uniqExact(channel), max(ts), avg(value), "
      "quantileExact(0.3)(value), countIf(event = 'Page Viewed')";
  for (const std::string key : {"customer_id", "ifNull(channel, '')", "toDate(ts)", "event"}) {
    for (const std::string having :
         {"count() > 5", "uniqExact(customer_id) > 3", "sum(value) < 100 OR max(value) > 97"}) {
      const std::string groups = " FROM events GROUP BY k";
      const std::string select = "SELECT " + key + " AS k";
      const auto with_totals = rows_asked(
          asked, select + calls + groups + " WITH TOTALS HAVING " + having + " ORDER BY k");
      auto expected =
          rows_asked(asked, select + calls + groups + " HAVING " + having + " ORDER BY k");
      const auto total =
          rows_asked(asked, "SELECT " + calls.substr(2) + " FROM events WHERE " + key + " IN (" +
                                select + groups + " HAVING " + having + ")");
      ASSERT_EQ(with_totals.size(), expected.size() + 2) << key << ' ' << having;
      EXPECT_THAT(with_totals.back(), ::testing::EndsWith(total[0])) << key << ' ' << having;
      EXPECT_TRUE(std::equal(expected.begin(), expected.end(), with_totals.begin()));
    }
  }
}

TEST(IntervalsOfSeveralUnits, AreNeverNull) {
  AskedStore asked;
  const auto rows = rows_asked(
      asked, std::string("SELECT if(number = 1, NULL, INTERVAL 1 DAY) + INTERVAL 1 HOUR FROM "
                         "numbers(2)"));
  EXPECT_THAT(rows[0], HasSubstr("cannot be NULL"));
}

TEST(NumberedGroups, StayWithinTheMemoryOfTheirQuery) {
  AskedStore asked;
  fill(asked);
  const std::string query = "SELECT toStartOfHour(ts) AS h, sum(value) FROM events GROUP BY h";
  EXPECT_THAT(rows_asked(asked, "EXPLAIN " + query),
              ::testing::Contains(HasSubstr("numbered as they are read")));
  EXPECT_THAT(rows_asked(asked, query + " SETTINGS max_memory_usage = 20000")[0],
              HasSubstr("memory limit exceeded"));
}

}  // namespace
}  // namespace grapevine::sql
