#include "tests/api/live/random_definition.hpp"

namespace grapevine::testing {

std::string RandomDefinition::window() {
  const std::string within =
      R"(, "within": ")" +
      pick({"1h", "6h", "1d", "3d", "7d", "30d", "today", "yesterday", "this_week", "last_month"}) +
      '"';
  return once_in(4) ? "" : within;
}

std::string RandomDefinition::event() {
  return once_in(4) ? R"(["Viewed", "Bought"])"
                    : '"' + pick({"Viewed", "Added", "Bought", "Asked", "Post Replied"}) + '"';
}

std::string RandomDefinition::where() {
  if (!once_in(3)) return "";
  return R"(, "where": [)" +
         pick({R"({"column": "channel", "eq": "web"})", R"({"column": "channel", "ne": "app"})",
               R"({"column": "channel", "in": ["app", "shop"]})",
               R"({"column": "value", "gte": 20})", R"({"column": "value", "exists": false})",
               R"({"column": "properties.size", "between": [1, 3]})",
               R"({"column": "target_id", "eq": "c3"})",
               R"({"column": "channel", "starts_with": "s"})"}) +
         "]";
}

std::string RandomDefinition::measured() {
  switch (random_() % 8) {
    case 0: return R"(, "count": {"gte": )" + number(4) + "}";
    case 1: return R"(, "count": {"lt": )" + number(4) + "}";
    case 2: return R"(, "sum": {"of": "value", "gte": )" + number(200) + "}";
    case 3: return R"(, "avg": {"of": "value", "lt": )" + number(60) + "}";
    case 4: return R"(, "min": {"of": "properties.size", "lte": )" + number(4) + "}";
    case 5: return R"(, "max": {"of": "value", "between": [10, )" + number(90) + "]}";
    case 6: return R"(, "distinct": {"of": "channel", "gte": )" + number(3) + "}";
    default: return "";
  }
}

// Rules on what every row has. One on the name does not go with first and last.
std::string RandomDefinition::where_row() {
  std::string rule;
  switch (random_() % 5) {
    case 0: rule = R"({"column": "ts", "within": ")" + pick({"2h", "2d", "today"}) + R"("})"; break;
    case 1: rule = R"({"column": "ts", "gte": "2023-1)" + number(3) + R"(-15T12:00:00Z"})"; break;
    case 2: rule = R"({"column": "ts", "lt": "2023-1)" + number(3) + R"(-25"})"; break;
    case 3: rule = R"({"column": "customer_id", "not_in": ["c1", "a3"]})"; break;
    default: rule = R"({"column": "customer_id", "in": ["c2", "c5", "a1", "a2", "c7"]})";
  }
  return R"(, "where": [{"column": "channel", "ne": "app"}, )" + rule + "]";
}

std::string RandomDefinition::event_condition() {
  if (once_in(12)) {  // Ids of rows that there are, or will be.
    std::string ids;
    for (int i = 0; i < 12; ++i) ids += (i == 0 ? "\"row-" : ", \"row-") + number(900) + '"';
    return R"({"event": )" + event() + R"(, "where": [{"column": "event_id", "in": [)" + ids +
           R"(]}, {"column": "channel", "ne": "app"}])" + window() + measured() + "}";
  }
  if (once_in(8)) {
    return R"({"event": ["Viewed", "Bought", "Asked"], "where": [{"column": "event", )" +
           pick({R"("eq": "Bought")", R"("ne": "Viewed")", R"("starts_with": "A")"}) + "}]" +
           window() + measured() + "}";
  }
  std::string text = R"({"event": )" + event() + (once_in(4) ? where_row() : where()) + window();
  if (once_in(5)) text += R"(, "hours": [0, 1, 2, 3, 4, 5, 6, 7, 20, 21])";
  if (once_in(6)) text += R"(, "weekdays": [1, 2, 3], "timezone": "Asia/Seoul")";
  text += once_in(6) ? pick({R"(, "first": true)", R"(, "last": true)"}) : measured();
  return text + "}";
}

std::string RandomDefinition::sequence() {
  std::string text = R"({"sequence": [{"event": )" + event() + where() + "}";
  const unsigned steps = 1 + random_() % 2;
  for (unsigned i = 0; i < steps; ++i) {
    if (once_in(4)) text += R"(, {"not_event": "Asked"})";
    text += R"(, {"event": )" + event() + (once_in(4) ? where_row() : "") + "}";
  }
  const bool quiet_end = once_in(3);
  if (quiet_end) text += R"(, {"not_event": "Bought"})";
  text += "]" + window();
  if (quiet_end || once_in(2)) {
    text += R"(, "conversion_window": ")" + pick({"1h", "1d", "2d", "7d"}) + '"';
  }
  return text + "}";
}

// Attributes that the world computes.
std::string RandomDefinition::computed() {
  switch (random_() % 7) {
    case 0: return R"({"attribute": "orders", "gte": )" + number(3) + "}";
    case 1: return R"({"attribute": "orders", "eq": 0})";
    case 2: return R"({"attribute": "net", "lt": )" + number(100) + "}";
    case 3: return R"({"attribute": "last_channel", "in": ["web", "shop"]})";
    case 4:
      return R"({"attribute": "bought_at", "within": ")" + pick({"6h", "2d", "today"}) + R"("})";
    case 5: return R"({"attribute": "age_group", "eq": )" + number(4) + "}";
    default: return R"({"attribute": "per_order", "exists": )" + pick({"true", "false"}) + "}";
  }
}

std::string RandomDefinition::attribute() {
  const std::string duration = pick({"6h", "2d", "30d", "today", "this_month"});
  if (once_in(5)) return computed();
  switch (random_() % 11) {
    case 0: return R"({"attribute": "age", "gte": )" + number(80) + "}";
    case 1: return R"({"attribute": "city", "in": ["Seoul", "Busan"]})";
    case 2: return R"({"attribute": "city", "ne": "Seoul"})";
    case 3: return R"({"attribute": "age", "exists": )" + pick({"true", "false"}) + "}";
    case 4: return R"({"attribute": "first_seen", "within": ")" + duration + R"("})";
    case 5: return R"({"attribute": "last_seen", "within": ")" + duration + R"("})";
    case 6: return R"({"attribute": "joined", "within": ")" + duration + R"("})";
    case 7: return R"({"attribute": "birthday", "anniversary_within": ")" + duration + R"("})";
    case 8: return R"({"attribute": "kind", "eq": ")" + pick({"customer", "visitor"}) + R"("})";
    case 9: return R"({"attribute": "consent.email", "eq": true})";
    default: return R"({"attribute": "customer_id", "contains": "1"})";
  }
}

std::string RandomDefinition::leaf(const std::vector<std::string>& segments) {
  switch (random_() % 12) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: return event_condition();
    case 5:
    case 6: return sequence();
    case 7:
    case 8: return attribute();
    case 9: return segments.empty() ? attribute() : R"({"segment": ")" + pick(segments) + R"("})";
    case 10:
      return pick({R"({"customers": ["c1", "a2", "c17"]})",
                   R"({"near": {"latitude": 37.5, "longitude": 127, "radius_km": 50}})",
                   R"({"in_box": {"south": 36, "west": 126, "north": 38, "east": 127}})"});
    default:
      if (once_in(2) || segments.empty()) {
        return pick({R"({"influence": "core_number", "gte": )" + number(3) + "}",
                     R"({"influence": "answers", "gte": )" + number(3) + "}",
                     R"({"influence": "advocacy", "top_share": 0.3})",
                     R"({"attribute": "influence.rung", "in": ["critic", "collector", "joiner"]})",
                     R"({"attribute": "influence.own_value", "gte": )" + number(9) + "}"});
      }
      return R"({"connected_to": {"segment": ")" + pick(segments) +
             R"(", "hops": 1, "direction": ")" + pick({"influenced_by", "influences", "either"}) +
             R"("}})";
  }
}

std::string RandomDefinition::make(const std::vector<std::string>& segments, int depth) {
  if (depth == 0 || once_in(3)) return leaf(segments);
  if (once_in(4)) return R"({"not": )" + make(segments, depth - 1) + "}";
  std::string text = once_in(2) ? R"({"all": [)" : R"({"any": [)";
  const unsigned parts = 2 + random_() % 2;
  for (unsigned i = 0; i < parts; ++i) {
    text += (i == 0 ? "" : ", ") + make(segments, depth - 1);
  }
  return text + "]}";
}

}  // namespace grapevine::testing
