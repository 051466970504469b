#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/live/alert_keeper_fixture.hpp"

namespace grapevine {
namespace {

using ::testing::ElementsAre;

using AlertVoicesTest = AlertKeeperTest;

// Somebody is marked as an employee after he made a burst: it is none, and closes. Once he is none any
// more, what he said counts again, but nobody is told of the past.
TEST_F(AlertVoicesTest, WhoJoinsTheCompanyCountsNoMore) {
  const auto join = [&](const char* kind) {
    BatchOf batch;
    batch.traits(now_, "clerk").with("kind", kind);
    append(batch);
  };
  const auto talk = [&](TimeMs from) {
    BatchOf batch;
    for (int i = 0; i < 30; ++i) {
      batch.event(from + i * 10'000, "Post Created", "clerk");
      batch.with("product_id", "p1").with("channel", "web").with("sentiment", -0.6);
    }
    append(batch);
  };
  usual(3);
  advance(kBegin + 3 * kDay);
  const TimeMs begin = kBegin + 3 * kDay + kHour;
  talk(begin);
  advance(begin + 30 * 10'000);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 open"));
  join("employee");
  settle(begin + 40 * 10'000);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 closed"));
  const std::uint64_t number = store_->snapshot()->number();
  settle(begin + 50 * 10'000);
  EXPECT_EQ(store_->snapshot()->number(), number);

  talk(begin + 30 * kHour);  // What he says from now on is no news either.
  settle(begin + 31 * kHour);
  join("person");
  settle(begin + 31 * kHour + 60'000);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 closed"));
  keep();  // A start tells the same.
  settle(begin + 32 * kHour);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 closed"));
}

// Others made the burst, too: it goes on.
TEST_F(AlertVoicesTest, ABurstOfOthersOutlivesAnEmployee) {
  usual(3);
  advance(kBegin + 3 * kDay);
  const TimeMs begin = kBegin + 3 * kDay + kHour;
  burst(begin);
  BatchOf batch;
  for (int i = 0; i < 5; ++i) {
    batch.event(begin + i * 10'000, "Post Created", "clerk");
    batch.with("product_id", "p1").with("channel", "web").with("sentiment", -0.6);
  }
  append(batch);
  advance(begin + 30 * 10'000);
  BatchOf traits;
  traits.traits(now_, "clerk").with("kind", "employee");
  append(traits);
  settle(begin + 40 * 10'000);
  EXPECT_THAT(alerts(), ElementsAre("p1/web/negative +73 open"));
}

}  // namespace
}  // namespace grapevine
