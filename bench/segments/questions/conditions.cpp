// Questions that a segment definition asks: through parser, planner and executor, as the server does.
#include "bench/segments/answer.hpp"
#include "bench/segments/question.hpp"

namespace grapevine::bench {
namespace {

std::string count_of(const World& world, std::string_view definition) {
  AnswerRows rows;
  rows.add(world.members(definition).count());
  return std::move(rows).take();
}

}  // namespace

std::string ask_attributes(const World& world) {
  return count_of(world, R"({"all": [
    {"attribute": "age", "between": [28, 35]},
    {"attribute": "hobby", "in": ["camping", "golf"]},
    {"attribute": "gender", "eq": "female"},
    {"attribute": "tier", "in": ["gold", "vip"]}]})");
}

std::string ask_purchases(const World& world) {
  return count_of(world, R"({"event": "Order Completed", "within": "30d", "count": {"gte": 3}})");
}

std::string ask_spend(const World& world) {
  return count_of(
      world,
      R"({"event": "Order Completed", "within": "90d", "sum": {"of": "value", "gte": 300000}})");
}

std::string ask_did_not(const World& world) {
  return count_of(world, R"({"all": [{"event": "Product Added", "within": "30d"},
    {"not": {"event": "Order Completed", "within": "30d"}}]})");
}

std::string ask_radius(const World& world) {
  return count_of(world, R"({"near": {"latitude": 37.57, "longitude": 126.98, "radius_km": 10}})");
}

std::string ask_distinct(const World& world) {
  return count_of(world, R"({"event": "Product Viewed", "within": "90d",
    "distinct": {"of": "product_id", "gte": 5}})");
}

}  // namespace grapevine::bench
