#include "api/parse/graph_condition.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

#include "api/parse/nearest_name.hpp"
#include "api/parse/value_rule.hpp"
#include "api/plan/score_names.hpp"

namespace grapevine {
namespace {

using Direction = ConnectedCondition::Direction;

constexpr std::array<Direction, 3> kDirections{Direction::InfluencedBy, Direction::Influences,
                                               Direction::Either};

constexpr std::array<Operator, 2> kScoreBounds{Operator::Gte, Operator::Between};

std::optional<Direction> read_direction(ObjectReader& reader) {
  const std::string* text = reader.take_string("direction");
  if (text == nullptr) {
    return reader.has("direction") ? std::nullopt : std::optional(Direction::Either);
  }
  std::vector<std::string_view> known;
  for (const Direction direction : kDirections) {
    if (*text == name_of(direction)) return direction;
    known.push_back(name_of(direction));
  }
  reader.wrong("direction",
               no_such("direction", *text, known) + ": influenced_by, influences or either");
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Direction direction) {
  switch (direction) {
    case Direction::InfluencedBy: return "influenced_by";
    case Direction::Influences: return "influences";
    case Direction::Either: return "either";
  }
  return {};
}

std::optional<InfluenceCondition> read_influence(ObjectReader& reader) {
  InfluenceCondition condition;
  const std::string* score = reader.take_string("influence");
  if (score != nullptr) condition.score = *score;
  std::vector<std::string_view> known;
  for (const ScoreName& one : kScores) known.push_back(one.name);
  if (score != nullptr && find_score(*score) == nullptr) {
    std::string all;
    for (const std::string_view name : known) all.append(all.empty() ? ": " : ", ").append(name);
    reader.wrong("influence", no_such("score", *score, known) + "; there are" + all);
    score = nullptr;
  }
  const auto top = reader.take_whole("top", 1, std::numeric_limits<std::uint32_t>::max());
  const auto share = reader.take_number("top_share", 0.0, 1.0);
  const std::size_t before = reader.mistakes().count();
  std::vector<Bound> bounds = read_bounds(reader, false, kScoreBounds);
  const int given = int(reader.has("top")) + int(reader.has("top_share")) + int(reader.has("gte")) +
                    int(reader.has("between"));
  if (given != 1) {
    reader.mistakes().add(reader.pointer(), "wants one of top, top_share, gte and between");
    return std::nullopt;
  }
  if (score == nullptr || reader.mistakes().count() != before) return std::nullopt;
  if (top) condition.which = TopPeople{*top};
  if (share) condition.which = TopShare{*share};
  if (!bounds.empty()) condition.which = std::move(bounds);
  const bool is_right = top || share || std::holds_alternative<std::vector<Bound>>(condition.which);
  return is_right ? std::optional(std::move(condition)) : std::nullopt;
}

std::optional<ConnectedCondition> read_connected(ObjectReader& reader) {
  const JsonObject* members = reader.take_object("connected_to");
  if (members == nullptr) return std::nullopt;
  ObjectReader connected(*members, reader.pointer_to("connected_to"), reader.mistakes());
  ConnectedCondition condition;
  if (!connected.has("segment")) connected.wrong("segment", "wants the name of a segment");
  const std::string* segment = connected.take_string("segment");
  const auto hops = connected.take_whole("hops", 1, kHopsMax);
  const auto direction = read_direction(connected);
  connected.refuse_others();
  if (segment == nullptr) return std::nullopt;
  condition.segment = *segment;
  condition.hops = static_cast<int>(hops.value_or(1));
  condition.direction = direction.value_or(Direction::Either);
  return condition;
}

}  // namespace grapevine
