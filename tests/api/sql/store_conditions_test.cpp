// What the store looks for itself must be what functions would have found, row by row.

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/api/sql/asked_sql.hpp"

namespace grapevine::testing {
namespace {

constexpr TimeMs kDay = 86'400'000;
constexpr TimeMs kFirst = 1'767'225'600'000;  // 2026-01-01.

void fill(AskedStore& store) {
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  const std::vector<std::string> names{"Order Completed", "Page Viewed", "Post Shared"};
  const std::vector<std::string> channels{"web", "app", "", "wéb"};
  for (int batches = 0; batches < 5; ++batches) {
    BatchOf batch;
    for (int i = 0; i < 400; ++i) {
      batch.event(kFirst + below(60) * kDay + below(86'400'000), names[below(3)],
                  "c" + std::to_string(below(40)));
      if (below(3) != 0) batch.with("channel", channels[below(4)].c_str());
      if (below(3) != 0) batch.with("value", below(2) == 0 ? below(100) : below(10'000) / 100.0);
      if (below(4) == 0) batch.with("rating", below(50) / 10.0);
      if (below(3) == 0) batch.with("properties.count", std::int64_t{below(20)} - 10);
      if (below(3) == 0) batch.with("properties.first", below(2) == 0);
    }
    store.append(batch);
  }
}

TEST(StoreConditions, FindWhatFunctionsFind) {
  AskedStore store;
  fill(store);
  const std::vector<std::string> conditions{
      "event = 'Order Completed'",
      "event != 'Order Completed'",
      "event IN ('Page Viewed', 'nothing')",
      "event NOT IN ('Page Viewed')",
      "event > 'Order'",
      "ts >= '2026-01-15'",
      "ts > toDateTime('2026-01-15 12:00:00')",
      "ts < toDateTime64('2026-01-15 12:00:00.123', 3)",
      "ts <= toDateTime64('2026-01-15 12:00:00.123456', 6)",
      "toDate('2026-01-20') > ts",
      "ts BETWEEN '2026-01-10' AND '2026-01-20 06:00:00'",
      "ts = '2026-01-15 00:00:00'",
      "customer_id = 'c7'",
      "customer_id IN ('c7', 'c11', 'nobody')",
      "customer_id NOT IN ('c7', 'c11')",
      "customer_id = 'c7' AND customer_id IN ('c7', 'c9')",
      "channel = 'web'",
      "channel = ''",
      "channel != 'web'",
      "channel IN ('app', 'wéb')",
      "channel NOT IN ('app')",
      "channel < 'b'",
      "channel LIKE 'w%'",
      "channel IS NULL",
      "channel IS NOT NULL",
      "value = 5",
      "value > 50.5",
      "value <= 50",
      "value != 12",
      "50 >= value",
      "value IN (1, 2, 3.5, 99)",
      "value < 0.1",
      "value > nan",
      "value = inf",
      "rating = 4.3",
      "rating >= 4.3",
      "rating > toFloat32(4.3)",
      "rating <= toFloat32(4.3)",
      "rating != toFloat32(0.5)",
      "properties.count > 3",
      "properties.count = -10",
      "properties.count < 2.5",
      "properties.count >= 18446744073709551615",
      "properties.count IN (1, -1, 300)",
      "properties.first = true",
      "properties.first = 0",
      "properties.first",
      "NOT properties.first",
      "value > 10 AND channel = 'app' AND event = 'Order Completed' AND ts > '2026-01-20'",
      "value > 10 OR channel = 'app'",
      "NULL",
      "value = NULL",
  };
  const std::string what =
      "SELECT count(), sum(value), min(ts), max(customer_id) FROM events WHERE ";
  for (const std::string& condition : conditions) {
    const std::string by_rows = ask_sql(store, what + "identity(" + condition + ")");
    EXPECT_EQ(ask_sql(store, what + condition), by_rows) << condition;
    EXPECT_EQ(by_rows.find("Exception"), std::string::npos) << condition << by_rows;
  }
}

TEST(StoreConditions, GroupsByCustomerAsByAnyExpression) {
  AskedStore store;
  fill(store);
  for (const std::string rest :
       {"count(), sum(value), uniqExact(channel) FROM events WHERE value > 3",
        "count(), max(ts), any(event) = any(event) FROM events",
        "countIf(event = 'Page Viewed'), avg(rating) FROM events WHERE event != 'Post Shared'"}) {
    const auto ask = [&](const std::string& key) {
      return ask_sql(store, "SELECT " + key + " AS who, " + rest + " GROUP BY who ORDER BY who");
    };
    EXPECT_EQ(ask("customer_id"), ask("concat(customer_id, '')")) << rest;
    EXPECT_NE(ask("customer_id").find("c7"), std::string::npos) << ask("customer_id");
  }
}

TEST(StoreConditions, SurviveEveryPrefixOfAQuery) {
  AskedStore store;
  fill(store);
  const std::string query =
      "WITH t AS (SELECT customer_id, count() AS n FROM events WHERE ts > '2026-01-05' GROUP BY "
      "customer_id HAVING n > 2) SELECT e.channel, toStartOfWeek(e.ts) AS w, sum(t.n), "
      "row_number() OVER (PARTITION BY w ORDER BY e.channel) FROM events AS e INNER JOIN t ON "
      "e.customer_id = t.customer_id WHERE e.value IN (1, 2) GROUP BY e.channel, w ORDER BY 2 "
      "DESC, "
      "1 LIMIT 3, 4 SETTINGS max_result_rows = 7 FORMAT JSON";
  for (std::size_t length = 0; length <= query.size(); ++length) {
    EXPECT_FALSE(ask_sql(store, query.substr(0, length)).empty()) << query.substr(0, length);
  }
}

}  // namespace
}  // namespace grapevine::testing
