// What is measured of customers, and who was there by time, without groups of rows, is what groups say.

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/api/sql/tables/rows_asked.hpp"

namespace grapevine::sql {
namespace {

using grapevine::testing::AskedStore;
using grapevine::testing::BatchOf;

std::vector<std::string> rows_asked(AskedStore& asked, const std::string& query) {
  const auto rows = grapevine::testing::rows_asked(asked, query);
  if (!rows.empty()) {
    EXPECT_EQ(rows.front().find("\"status\""), std::string::npos) << rows.front();
  }
  return rows;
}

constexpr TimeMs kFrom = 1'711'800'000'000;  // 2024-03-30, the day before clocks change in Berlin.

void fill(AskedStore& asked) {
  std::mt19937 random(17);
  for (int part = 0; part < 3; ++part) {
    BatchOf batch;
    for (int i = 0; i < 1500; ++i) {
      const std::string who = "p" + std::to_string(random() % 500);
      batch.event(kFrom + static_cast<TimeMs>(random() % 400'000) * 1000,
                  random() % 3 == 0 ? "Order Completed" : "Product Viewed", who);
      if (random() % 3 != 0) batch.with("value", static_cast<double>(random() % 500) / 8 - 10);
      if (random() % 2 != 0) batch.with("channel", random() % 2 == 0 ? "app" : "web");
    }
    asked.append(batch);
  }
}

TEST(MeasuredCustomers, AreWhatTheirGroupsAre) {
  AskedStore asked;
  fill(asked);
  const std::string late = "ts > fromUnixTimestamp64Milli(toInt64(1712000000000))";
  for (const std::string& where :
       {std::string("1"), std::string("event = 'Order Completed'"), late,
        std::string("event = 'Product Viewed' AND channel = 'app'"), std::string("value > 5"),
        std::string("event = 'nothing'"),
        "(event = 'Order Completed' AND " + late +
            ") OR (event = 'Product Viewed' AND channel = 'app')",
        std::string("customer_id IN (SELECT customer_id FROM events WHERE value > 45) AND "
                    "customer_id NOT IN (SELECT customer_id FROM events WHERE channel = 'web' "
                    "AND value > 40)")}) {
    for (const std::string& measure : {
             std::string("count()"),
             std::string("min(ts), max(ts)"),
             std::string("sum(value), avg(value)"),
             std::string("countIf(event = 'Order Completed')"),
             std::string("maxIf(ts, event = 'Order Completed')"),
             std::string("sumIf(value, channel = 'web')"),
             std::string("max(event = 'Order Completed')"),
             std::string("max(channel = 'app')"),
             "max(event = 'Order Completed' AND " + late + ")",
             std::string("max(event = 'Product Viewed' AND channel = 'app')"),
             "countIf(event = 'Order Completed' AND " + late + ") >= 2",
             std::string("groupBitOr(bitShiftLeft(toUInt32(1), toUInt8(toDayOfWeek(ts))))"),
             std::string("groupBitOr(toUInt16(toHour(ts, 'Asia/Kathmandu')))"),
             std::string("groupBitOr(toUInt16(toMinute(ts)))"),
             std::string("max(value)"),
         }) {
      const std::string of = " FROM events WHERE " + where + " GROUP BY customer_id";
      const auto measured = rows_asked(
          asked, "SELECT customer_id, tuple(" + measure + ")" + of + " ORDER BY customer_id");
      const auto grouped = rows_asked(asked,
                                      "SELECT customer_id, m FROM (SELECT customer_id, "
                                      "tuple(" +
                                          measure + ") AS m, groupArray(event) AS names" + of +
                                          ") WHERE length(names) > 0 ORDER BY customer_id");
      EXPECT_EQ(measured, grouped) << where << ' ' << measure;
      EXPECT_EQ(measured.empty(), where == "event = 'nothing'") << where;
    }
  }
}

// Times that are often the same to the second, and sometimes to the millisecond.
void fill_funnels(AskedStore& asked) {
  std::mt19937 random(23);
  for (int part = 0; part < 4; ++part) {
    BatchOf batch;
    for (int i = 0; i < 2000; ++i) {
      const char* const names[] = {"Product Viewed", "Product Added", "Order Completed", "Other"};
      const auto second = kFrom + static_cast<TimeMs>(random() % 30) * 100'000'000;
      batch.event(second + static_cast<TimeMs>(random() % 4) * 700, names[random() % 4],
                  "p" + std::to_string(random() % 150));
      if (random() % 2 != 0) batch.with("channel", random() % 2 == 0 ? "app" : "web");
    }
    asked.append(batch);
  }
}

TEST(MeasuredFunnels, AreWhatTheirGroupsAre) {
  AskedStore asked;
  fill_funnels(asked);
  const std::string steps[] = {
      "event = 'Product Viewed', event = 'Product Added', event = 'Order Completed'",
      "event = 'Product Viewed', event = 'Product Viewed'",
      "event = 'Order Completed'",
      "event = 'Product Viewed', event IN ('Product Added', 'Product Viewed'), event = 'Other'",
      "event = 'nothing', event = 'Product Viewed'",
      "event = 'Product Viewed', event = 'nothing', event = 'Other'"};
  bool any_late = false;
  for (const std::string where :
       {"1", "event != 'Other'", "channel = 'app'",
        "customer_id IN (SELECT customer_id FROM events WHERE channel = 'web')"}) {
    for (const std::string option : {"", ", 'strict_increase'", ", 'strict_order'"}) {
      for (const auto& [window, time] : {std::pair<std::string, std::string>{
                                             "600000000", "toUInt64(toUnixTimestamp64Milli(ts))"},
                                         {"0", "toUInt64(toUnixTimestamp64Milli(ts))"},
                                         {"100000", "toDateTime(ts)"},
                                         {"1", "toUnixTimestamp(ts)"}}) {
        for (const std::string& conditions : steps) {
          const std::string funnel =
              "windowFunnel(" + window + option + ")(" + time + ", " + conditions + ")";
          const std::string of = " FROM events WHERE " + where + " GROUP BY customer_id";
          const auto measured =
              rows_asked(asked, "SELECT customer_id, " + funnel + of + " ORDER BY customer_id");
          const auto grouped =
              rows_asked(asked, "SELECT customer_id, m FROM (SELECT customer_id, " + funnel +
                                    " AS m, groupArray(event) AS names" + of +
                                    ") WHERE length(names) > 0 ORDER BY customer_id");
          EXPECT_EQ(measured, grouped) << where << ' ' << funnel;
          for (const std::string& row : measured) any_late = any_late || row.back() == '3';
        }
      }
    }
  }
  EXPECT_TRUE(any_late);
  const auto plan = rows_asked(
      asked,
      std::string("EXPLAIN SELECT windowFunnel(5)(toDateTime(ts), event = 'Other') FROM events "
                  "GROUP BY customer_id"));
  EXPECT_THAT(plan, ::testing::Contains(::testing::HasSubstr("measured at each customer")));
}

// Rows that are numbered by their groups as they are read.
TEST(NumberedRows, AreGroupedAsOthers) {
  AskedStore asked;
  fill(asked);
  const auto other = [](const std::string& key) {
    return "if(rand() >= 0, " + key + ", " + key + ")";  // Of which nobody knows a number.
  };
  for (const std::string where :
       {"1", "channel IS NOT NULL", "event = 'Order Completed' AND value > 5", "event = 'nothing'",
        "ts >= fromUnixTimestamp64Milli(toInt64(1711905432100)) AND "
        "ts < fromUnixTimestamp64Milli(toInt64(1712005432200))",
        "length(customer_id) > 2",
        "customer_id IN (SELECT customer_id FROM events WHERE value > 45)"}) {
    for (const auto& [first, second] : {std::pair<std::string, std::string>{"channel", "event"},
                                        {"toDate(ts)", "channel"},
                                        {"channel", "toStartOfHour(ts, 'Asia/Kathmandu')"},
                                        {"toDayOfWeek(ts)", "toHour(ts)"},
                                        {"toMonday(ts)", "event"},
                                        {"toDate(ts, 'Europe/Berlin')", "brand"}}) {
      for (const std::string& call :
           {std::string("count()"), std::string("sum(value), avg(value), count(value)"),
            std::string("countIf(value > 3), max(value), uniqExact(customer_id)"),
            std::string("quantileExact(value), countOrNull(), sumIf(value, event = 'x')"),
            std::string("sum(intDiv(100, toInt64(value) + 1000)), any(event)")}) {
        const auto ask = [&](const std::string& a, const std::string& b) {
          return rows_asked(asked, "SELECT " + a + " AS a, " + b + " AS b, " + call +
                                       " FROM events WHERE " + where +
                                       " GROUP BY a, b ORDER BY a, b");
        };
        EXPECT_EQ(ask(first, second), ask(other(first), other(second)))
            << where << ": " << first << ", " << second << ": " << call;
      }
    }
  }
  EXPECT_THAT(rows_asked(asked, std::string("EXPLAIN SELECT count() FROM events GROUP BY "
                                            "toDate(ts), channel")),
              ::testing::Contains(::testing::HasSubstr("numbered as they are read")));
}

TEST(PeopleByTime, AreWhatTheirGroupsAre) {
  AskedStore asked;
  fill(asked);
  for (const std::string where :
       {"1", "event = 'Order Completed'",
        "ts >= fromUnixTimestamp64Milli(toInt64(1711805432100)) AND "
        "ts < fromUnixTimestamp64Milli(toInt64(1711805432200))",
        "customer_id IN (SELECT customer_id FROM events WHERE value > 45)", "event = 'nothing'",
        "channel = 'app' AND ts < fromUnixTimestamp64Milli(toInt64(1711900000000))"}) {
    for (const std::string key :
         {"toStartOfHour(ts)", "toDate(ts)", "toDate(ts, 'Europe/Berlin')", "toMonday(ts)",
          "toStartOfMonth(ts)", "toHour(ts)", "toStartOfFifteenMinutes(ts)", "toStartOfMinute(ts)",
          "dateDiff('day', toDateTime('2024-03-01 00:00:00'), ts)", "intDiv(toHour(ts), 12)",
          "toStartOfInterval(ts, INTERVAL 6 HOUR)", "toStartOfHour(ts, 'Asia/Kathmandu')"}) {
      for (const std::string counts :
           {"uniqExact(customer_id)",
            "uniqExactIf(customer_id, event = 'Order Completed'), uniq(customer_id)",
            "uniqExactIf(customer_id, event = 'Product Viewed' AND channel = 'web')"}) {
        const std::string of = " FROM events WHERE " + where + " GROUP BY k";
        const auto counted = rows_asked(
            asked, "SELECT " + key + " AS k, tuple(" + counts + ")" + of + " ORDER BY k");
        const auto grouped = rows_asked(asked, "SELECT k, t FROM (SELECT " + key + " AS k, tuple(" +
                                                   counts + ") AS t, groupArray(event) AS names" +
                                                   of + ") WHERE length(names) > 0 ORDER BY k");
        EXPECT_EQ(counted, grouped) << where << ' ' << key << ' ' << counts;
      }
    }
  }
}

}  // namespace
}  // namespace grapevine::sql
