// A HAVING of customers that is answered as a segment says what its groups say.

#include <random>
#include <string>

#include <gmock/gmock.h>

#include "tests/api/sql/tables/rows_asked.hpp"

namespace grapevine::sql {
namespace {

using grapevine::testing::AskedStore;
using grapevine::testing::BatchOf;
using grapevine::testing::rows_asked;

void fill(AskedStore& asked) {
  std::mt19937 random(11);
  BatchOf batch;
  for (int i = 0; i < 3000; ++i) {
    const std::string who = "p" + std::to_string(random() % 700);
    batch.event(1'600'000'000'000 + i * 100'000, i % 3 == 0 ? "Order Completed" : "Product Viewed",
                who);
    if (random() % 3 != 0) batch.with("value", static_cast<double>(random() % 50) - 10);
    if (random() % 2 != 0) batch.with("channel", random() % 2 == 0 ? "app" : "web");
  }
  asked.append(batch);
}

TEST(ChosenCustomers, AreThoseOfTheGroups) {
  AskedStore asked;
  fill(asked);
  for (const std::string where :
       {"1", "event = 'Order Completed'", "ts > fromUnixTimestamp64Milli(toInt64(1600100000000))",
        "event = 'Product Viewed' AND channel = 'app'", "value > 5", "event = 'nothing'"}) {
    for (const std::string having : {"count() >= 3",
                                     "count() < 2",
                                     "count() = 0",
                                     "count() > 0",
                                     "sum(value) >= 30",
                                     "sum(value) < 20",
                                     "sum(value) <= -5",
                                     "sum(value) = 0",
                                     "sum(value) > 18014398509481984",
                                     "uniqExact(channel) = 1",
                                     "uniqExact(channel) = 0",
                                     "uniqExact(channel) >= 2",
                                     "countIf(event = 'Order Completed') = 0",
                                     "countIf(channel = 'web') >= 2",
                                     "count() >= 2 AND sum(value) > 10",
                                     "3 <= count()",
                                     "count() != 2",
                                     "max(value) > 30",
                                     "countIf(value > 10 OR channel = 'app') > 1",
                                     "sumIf(value, channel = 'web') >= 10"}) {
      const std::string of = " FROM events WHERE " + where + " GROUP BY customer_id";
      const auto as_segment =
          rows_asked(asked,
                     "SELECT count(), min(customer_id), max(customer_id) FROM (SELECT "
                     "customer_id" +
                         of + " HAVING " + having + ")");
      // Here something else is read of the groups.
      const auto as_groups = rows_asked(
          asked,
          "SELECT count(), min(customer_id), max(customer_id) FROM (SELECT customer_id, "
          "max(ts) AS last, groupArray(event) AS names" +
              of + " HAVING " + having + ") WHERE length(names) > 0 AND last IS NOT NULL");
      EXPECT_EQ(as_segment, as_groups) << where << ' ' << having;
    }
  }
}

TEST(ChosenCustomers, AreMembersOfSets) {
  AskedStore asked;
  fill(asked);
  const std::string set =
      "(SELECT customer_id FROM events WHERE event = 'Order Completed' GROUP BY customer_id "
      "HAVING count() >= 2)";
  const auto inside = rows_asked(asked, "SELECT event, count() FROM events WHERE customer_id IN " +
                                            set + " GROUP BY event ORDER BY event");
  const auto outside =
      rows_asked(asked, "SELECT event, count() FROM events WHERE customer_id NOT IN " + set +
                            " GROUP BY event ORDER BY event");
  const auto by_join =
      rows_asked(asked,
                 "SELECT e.event, countIf(s.n >= 2), countIf(s.n < 2) FROM events e JOIN ("
                 "SELECT customer_id, countIf(event = 'Order Completed') AS n FROM events "
                 "GROUP BY customer_id) s ON e.customer_id = s.customer_id "
                 "GROUP BY e.event ORDER BY e.event");
  ASSERT_EQ(by_join.size(), inside.size());
  ASSERT_EQ(by_join.size(), outside.size());
  for (std::size_t i = 0; i < by_join.size(); ++i) {
    EXPECT_EQ(by_join[i], inside[i] + outside[i].substr(outside[i].find(',')));
  }
}

TEST(ChosenCustomers, AreExplained) {
  AskedStore asked;
  fill(asked);
  const auto plan_of = [&](const std::string& query) {
    std::string plan;
    for (const std::string& line : rows_asked(asked, "EXPLAIN " + query)) plan += line + '\n';
    return plan;
  };
  const std::string groups = " FROM events GROUP BY customer_id HAVING ";
  const std::string as_segment = plan_of("SELECT customer_id" + groups + "count() >= 2");
  EXPECT_THAT(as_segment, ::testing::HasSubstr("[no groups: found as a segment is]"));
  // The groups below are not made, however they would be.
  EXPECT_THAT(as_segment, ::testing::Not(::testing::HasSubstr("measured at each customer")));
  for (const std::string& query :
       {"SELECT customer_id, count()" + groups + "count() >= 2",
        "SELECT customer_id" + groups + "max(value) > 30",
        std::string("SELECT channel FROM events GROUP BY channel HAVING count() >= 2")}) {
    EXPECT_THAT(plan_of(query), ::testing::Not(::testing::HasSubstr("found as a segment is")));
  }
}

}  // namespace
}  // namespace grapevine::sql
