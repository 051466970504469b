// Questions whose answers are people: lists, lookalikes, and what segments have in common.
#include <vector>

#include "bench/segments/answer.hpp"
#include "bench/segments/question.hpp"
#include "kernels/cohort/lookalikes.hpp"
#include "kernels/segment/member_order.hpp"
#include "kernels/segment/overlap.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/seen.hpp"

namespace grapevine::bench {
namespace {

// The five that the question of unions and overlaps is about.
constexpr std::string_view kSegments[] = {
    R"({"event": "Product Viewed", "within": "30d", "where": [{"column": "category", "eq": "camping"}]})",
    R"({"event": "Order Completed", "within": "90d"})",
    R"({"event": ["Post Created", "Post Shared", "Post Replied"], "within": "60d"})",
    R"({"attribute": "age", "between": [28, 45]})",
    R"({"event": "Product Added", "within": "14d", "count": {"gte": 2}})"};

}  // namespace

std::string ask_overlap(const World& world) {
  std::vector<CustomerSet> sets;
  for (const std::string_view definition : kSegments) sets.push_back(world.members(definition));
  const std::vector<std::size_t> of_region =
      answered(overlap_regions(sets, people(world.snapshot().customers()), world.stop()));
  AnswerRows rows;
  for (std::size_t region = 1; region < of_region.size(); ++region) {
    if (of_region[region] > 0) rows.add(region, of_region[region]);
  }
  return std::move(rows).take();
}

std::string ask_target_list(const World& world) {
  constexpr std::size_t kListed = 10'000;
  const CustomerSet members = world.members(R"({"all": [
    {"event": "Product Viewed", "within": "30d"},
    {"not": {"event": "Order Completed", "within": "30d"}}]})");
  const std::vector<TimeMs> seen =
      answered(last_times(world.snapshot(), members, kUntil, kListed, world.stop())).times;
  const CustomerTable& customers = world.snapshot().customers();
  MemberOrder order(customers, members, {.key = std::span<const TimeMs>(seen), .descending = true});
  AnswerRows rows;
  for (const CustomerId customer : order.page(0, kListed)) {
    rows.add(customers.external_id(customer), seen[index(customer)]);
  }
  return std::move(rows).take();
}

std::string ask_lookalikes(const World& world) {
  const CustomerTable& customers = world.snapshot().customers();
  const CustomerSet members = world.members(R"({"event": "Order Completed", "within": "90d",
    "where": [{"column": "value", "gte": 300000}]})");
  std::vector<LikenessTrait> traits{{customers.attribute("age"), 10}};
  for (const char* name :
       {"gender", "marital_status", "job", "hobby", "tier", "region", "leaning", "language"}) {
    traits.push_back({customers.attribute(name)});
  }
  AnswerRows rows;
  for (const Lookalike& like :
       answered(find_lookalikes(traits, members, people(customers), 1000, world.stop()))) {
    rows.add(index(like.customer), like.score);
  }
  return std::move(rows).take();
}

}  // namespace grapevine::bench
