// Questions about when people came and came back, and what they bought.
#include <array>
#include <map>

#include "bench/segments/answer.hpp"
#include "bench/segments/question.hpp"
#include "kernels/cohort/active_people.hpp"
#include "kernels/cohort/last_touch.hpp"
#include "kernels/cohort/retention.hpp"
#include "kernels/cohort/rfm.hpp"
#include "kernels/segment/sequence.hpp"

namespace grapevine::bench {
namespace {

constexpr TimeMs kMonday = kFrom - kDayMs;  // 2026-05-25: the week in which the world begins.
constexpr TimeBuckets kWeeks{kMonday, 7 * kDayMs, 26};
constexpr TimeBuckets kHours{kFrom, kDayMs / 24, 180 * 24};

std::string actives(const World& world, const CustomerSet* among) {
  const auto people = answered(
      count_active_people(world.snapshot(), world.events_but({}), kHours, among, world.stop()));
  AnswerRows rows;
  for (std::size_t hour = 0; hour < people.size(); ++hour) {
    if (people[hour] > 0) rows.add(hour, people[hour]);
  }
  return std::move(rows).take();
}

}  // namespace

std::string ask_retention(const World& world) {
  const Retention retention =
      answered(count_retention(world.snapshot(), world.events_but({}), kWeeks, world.stop()));
  AnswerRows rows;
  for (std::size_t cohort = 0; cohort < retention.periods; ++cohort) {
    for (std::size_t later = 0; cohort + later < retention.periods; ++later) {
      const std::uint64_t people = retention.at(cohort, later);
      if (people > 0) rows.add(cohort, later, people);
    }
  }
  return std::move(rows).take();
}

std::string ask_actives_by_hour(const World& world) { return actives(world, nullptr); }

std::string ask_actives_of_segment(const World& world) {
  const CustomerSet segment = world.members(R"({"all": [
    {"attribute": "age", "between": [20, 39]}, {"attribute": "gender", "eq": "female"}]})");
  return actives(world, &segment);
}

std::string ask_rfm(const World& world) {
  const auto groups = answered(group_by_rfm(world.snapshot(), world.events({"Order Completed"}),
                                            world.column("value"), 5, world.stop()));
  std::vector<std::uint64_t> people(6 * 6 * 6);
  for (const RfmGroups& of : groups) {
    ++people[std::size_t{of.recency} * 36 + std::size_t{of.frequency} * 6 + of.money];
  }
  AnswerRows rows;
  for (std::size_t cell = 0; cell < people.size(); ++cell) {
    if (people[cell] > 0) rows.add(cell / 36, cell / 6 % 6, cell % 6, people[cell]);
  }
  return std::move(rows).take();
}

std::string ask_funnel(const World& world) {
  Sequence funnel;
  for (const char* step : {"Product Viewed", "Product Added", "Order Completed"}) {
    funnel.steps.push_back({.rows = world.events({step}), .negated = false});
  }
  funnel.window_ms = 7 * kDayMs;
  funnel.as_of = kUntil;
  const auto levels = answered(sequence_levels(world.snapshot(), funnel, {}, world.stop()));
  std::array<std::uint64_t, 4> people{};
  for (const std::uint8_t level : levels) ++people[level];
  AnswerRows rows;
  for (std::size_t level = 1; level < people.size(); ++level) rows.add(level, people[level]);
  return std::move(rows).take();
}

std::string ask_last_touch(const World& world) {
  const ColumnId channel = world.column("channel");
  const LastTouches touches = answered(count_last_touches(
      world.snapshot(), world.events({"Order Completed"}),
      world.events_but({"Order Completed", "Order Item", "Order Refunded", "Refund Item"}), channel,
      7 * kDayMs, world.stop()));
  std::map<std::string_view, std::uint64_t> goals;
  for (std::uint32_t code = 0; code < touches.goals_by_code.size(); ++code) {
    if (touches.goals_by_code[code] > 0)
      goals[world.text(channel, code)] = touches.goals_by_code[code];
  }
  if (touches.goals_without_value > 0) goals["no channel"] = touches.goals_without_value;
  if (touches.goals_without_touch > 0) goals["none"] = touches.goals_without_touch;
  AnswerRows rows;
  for (const auto& [name, count] : goals) rows.add(name, count);
  return std::move(rows).take();
}

}  // namespace grapevine::bench
