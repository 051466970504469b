#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/execute/segment_executor.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/plan/segment_planner.hpp"
#include "tests/api/asked.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using testing::RandomWorld;

constexpr TimeMs kDay = 86'400'000;

const std::vector<std::string> kMoving{
    R"({"event": "Page Viewed"})",
    R"({"event": "Page Viewed", "within": "3d", "count": {"gte": 2}})",
    R"({"event": "Page Viewed", "within": "last_week", "timezone": "Asia/Seoul", "hours": [1, 2, 9]})",
    R"({"event": "Order Completed", "last": true, "where": [{"column": "channel", "eq": "web"}]})",
    R"({"event": "Order Completed", "where": [{"column": "properties.at", "within": "5d"}]})",
    R"({"event": "Order Completed", "where": [{"column": "target_id", "within": "5d"}]})",
    R"({"sequence": [{"event": "Page Viewed"}, {"event": "Order Completed"}], "within": "6d"})",
    R"({"sequence": [{"event": "Page Viewed"}, {"not_event": "Order Completed"}],
        "conversion_window": "2d", "to": "2023-12-01"})",
    R"({"attribute": "last_seen", "within": "1d"})",
    R"({"attribute": "first_seen", "within": "this_week"})",
    R"({"attribute": "joined", "within": "9d"})",
    R"({"attribute": "joined", "anniversary_within": "9d"})",
    R"({"any": [{"not": {"event": "Page Viewed", "within": "2d"}}, {"attribute": "age", "gt": 40}]})",
    R"({"near": {"latitude": 37, "longitude": 127, "radius_km": 50}})",
};

Plan plan_of(const std::string& definition, const Snapshot& snapshot, TimeMs as_of) {
  const auto object = read_json_object(definition);
  EXPECT_TRUE(object.ok()) << definition;
  Mistakes mistakes;
  const auto condition = parse_definition(JsonValue{*object}, "", mistakes);
  EXPECT_TRUE(condition) << definition;
  SegmentPlanner planner(snapshot, {as_of, "UTC"}, mistakes);
  Plan plan = planner.plan(*condition);
  EXPECT_TRUE(mistakes.empty()) << definition << mistakes.status();
  return plan;
}

TEST(PlanAt, IsThePlanOfThatMoment) {
  RandomWorld world({.customers = 400, .events = 4000, .batches = 3, .seed = 51});
  testing::BatchOf batch;
  batch.event(RandomWorld::kBegin, "Order Completed", "c1")
      .with("properties.at", "2023-11-20")
      .target("2023-11-20");
  batch.traits(RandomWorld::kBegin, "c1").with("joined", "2023-11-25");
  batch.traits(RandomWorld::kBegin, "c2").with("joined", "2001-12-03");
  ASSERT_TRUE(world.store().append(std::move(batch.batch)).ok());
  const auto snapshot = world.snapshot();
  GraphView graph;
  const Stop stop;
  const auto members = [&](const Plan& plan, TimeMs as_of) {
    return *SegmentExecutor({*snapshot, as_of, graph, stop}).evaluate(plan);
  };
  for (const std::string& definition : kMoving) {
    SCOPED_TRACE(definition);
    const Plan early = plan_of(definition, *snapshot, RandomWorld::kBegin + 2 * kDay);
    std::size_t found = 0;
    for (TimeMs as_of = RandomWorld::kBegin; as_of < RandomWorld::kBegin + RandomWorld::kSpan;
         as_of += kDay / 2) {
      const Plan fresh = plan_of(definition, *snapshot, as_of);
      const CustomerSet expected = members(fresh, as_of);
      EXPECT_EQ(members(plan_at(early, as_of), as_of), expected);
      EXPECT_EQ(members(plan_at(fresh, as_of), as_of), expected);
      found += expected.count();
    }
    EXPECT_GT(found, 0) << "the test would say little";
  }
}

TEST(PlanAt, MovesWhatIsSharedOnce) {
  RandomWorld world({.customers = 4, .events = 40, .batches = 1, .seed = 52});
  const auto snapshot = world.snapshot();
  const std::string part = R"({"event": "Page Viewed", "within": "1d"})";
  const Plan plan = plan_of(R"({"any": [)" + part + R"(, {"not": )" + part + "}]}", *snapshot,
                            RandomWorld::kBegin);
  const auto shared = [](const Plan& any) {
    const auto& parts = std::get<AnyPlan>(any->what).parts;
    const bool first_is_not = std::holds_alternative<NotPlan>(parts[0]->what);
    const Plan& negation = parts[first_is_not ? 0 : 1];
    return std::get<NotPlan>(negation->what).part == parts[first_is_not ? 1 : 0];
  };
  EXPECT_TRUE(shared(plan)) << "equal parts are planned once";
  EXPECT_TRUE(shared(plan_at(plan, RandomWorld::kBegin + kDay)));
}

}  // namespace
}  // namespace grapevine
