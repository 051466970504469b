#include "api/execute/people_groups.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "api/encode/attribute_value.hpp"
#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/execute/listed_attribute.hpp"
#include "api/parse/mistakes.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/propagation/simulate.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

std::string as_json(const AttributeValue& value) {
  JsonWriter json;
  write_json(json, value);
  return std::move(json).take();
}

std::optional<double> number_in(const AttributeValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

// Those outside of the graph stand behind its people until they are counted.
void count_people(const GroupedPeople& people, std::size_t vertices, Grouping& grouping) {
  grouping.people.assign(grouping.labels.size(), 0);
  grouping.outside.assign(grouping.labels.size(), 0);
  for (std::size_t i = 0; i < grouping.of.size(); ++i) {
    const bool is_outside = i >= vertices;
    if (grouping.of[i] == kNoGroup) continue;
    if (!is_outside && !people.audience.empty() &&
        !mask_has(people.audience, static_cast<Vertex>(i))) {
      continue;
    }
    ++grouping.people[grouping.of[i]];
    if (is_outside) ++grouping.outside[grouping.of[i]];
  }
  grouping.of.resize(vertices);
}

absl::Status wrong(const std::string& pointer, const std::string& detail) {
  return problem(ErrorCode::Unprocessable, detail, {{pointer, detail}});
}

// "18 to below 30", as `{"from": 18, "to": 30}`.
std::string band_label(const std::vector<double>& bands, std::size_t band) {
  JsonWriter json;
  json.begin_object();
  if (band > 0) json.member("from", bands[band - 1]);
  if (band < bands.size()) json.member("to", bands[band]);
  json.end_object();
  return std::move(json).take();
}

absl::Status group_by_bands(const GroupingRule& rule, const std::vector<AttributeValue>& values,
                            Grouping& grouping) {
  for (std::size_t band = 0; band <= rule.bands.size(); ++band) {
    grouping.labels.push_back(band_label(rule.bands, band));
  }
  for (std::size_t v = 0; v < values.size(); ++v) {
    if (std::holds_alternative<std::monostate>(values[v])) continue;
    const auto number = number_in(values[v]);
    if (!number) return wrong(rule.pointer + "/bands", "bands are of numbers: " + rule.attribute);
    grouping.of[v] = static_cast<std::uint16_t>(
        std::upper_bound(rule.bands.begin(), rule.bands.end(), *number) - rule.bands.begin());
  }
  return absl::OkStatus();
}

absl::Status group_by_values(const GroupingRule& rule, const std::vector<AttributeValue>& values,
                             Grouping& grouping) {
  std::map<std::string, std::vector<Vertex>> by_value;  // In the order of the answer.
  for (Vertex v = 0; v < values.size(); ++v) {
    if (std::holds_alternative<std::monostate>(values[v])) continue;
    by_value[as_json(values[v])].push_back(v);
    if (by_value.size() <= kGroupsMax) continue;
    return wrong(rule.pointer, rule.attribute + " has more than 1000 different values: give " +
                                   "{\"attribute\": ..., \"bands\": [18, 30, 45]}");
  }
  for (const auto& [label, people] : by_value) {
    for (const Vertex v : people)
      grouping.of[v] = static_cast<std::uint16_t>(grouping.labels.size());
    grouping.labels.push_back(label);
  }
  return absl::OkStatus();
}

// Whoever has no value makes a group, too.
void group_others(Grouping& grouping) {
  const auto others = static_cast<std::uint16_t>(grouping.labels.size());
  if (std::find(grouping.of.begin(), grouping.of.end(), kNoGroup) == grouping.of.end()) return;
  std::replace(grouping.of.begin(), grouping.of.end(), kNoGroup, others);
  grouping.labels.emplace_back("null");
}

absl::StatusOr<Grouping> group_by_attribute(const GroupingRule& rule,
                                            std::span<const CustomerId> people,
                                            const GraphSource& source, const Context& context) {
  const ListSource list{source.snapshot, source.moment, 0};
  Attribute attribute;
  GRAPEVINE_ASSIGN_OR_RETURN(const bool known,
                             find_listed(rule.attribute, list, context, attribute));
  if (!known || attribute.is_seen()) {
    return wrong(rule.pointer, known ? "people are not divided by times: " + rule.attribute
                                     : no_such_listed(rule.attribute, *source.snapshot));
  }
  std::vector<AttributeValue> values;
  for (const CustomerId customer : people) {
    values.push_back(value_of(source.snapshot->customers(), attribute, nullptr, customer));
  }
  Grouping grouping{
      rule.attribute, {}, std::vector<std::uint16_t>(people.size(), kNoGroup), {}, {}};
  GRAPEVINE_RETURN_IF_ERROR(rule.bands.empty() ? group_by_values(rule, values, grouping)
                                               : group_by_bands(rule, values, grouping));
  group_others(grouping);
  return grouping;
}

absl::StatusOr<Grouping> group_by_segment(const SegmentName& segment,
                                          std::span<const CustomerId> people,
                                          const GraphSource& source, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto members, find_members(segment, source, context));
  Grouping grouping{"segment", {}, std::vector<std::uint16_t>(people.size(), kNoGroup), {}, {}};
  grouping.labels.push_back(as_json(std::string_view(segment.name)));
  for (std::size_t i = 0; i < people.size(); ++i) {
    if ((members[index(people[i]) / 64] >> (index(people[i]) % 64) & 1) != 0) grouping.of[i] = 0;
  }
  return grouping;
}

}  // namespace

absl::StatusOr<std::vector<Grouping>> group_people(const GroupingRule& rule,
                                                   const GroupedPeople& people,
                                                   const GraphSource& source,
                                                   const Context& context) {
  std::vector<CustomerId> all = source.graph->listening().people;
  const std::size_t vertices = all.size();
  all.insert(all.end(), people.outside.begin(), people.outside.end());
  std::vector<Grouping> groupings;
  if (!rule.attribute.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(Grouping grouping, group_by_attribute(rule, all, source, context));
    groupings.push_back(std::move(grouping));
  }
  for (std::size_t i = 0; i < rule.segments.size(); ++i) {
    const SegmentName segment{rule.segments[i], rule.pointer + "/segments/" + std::to_string(i)};
    GRAPEVINE_ASSIGN_OR_RETURN(Grouping grouping, group_by_segment(segment, all, source, context));
    groupings.push_back(std::move(grouping));
  }
  for (Grouping& grouping : groupings) count_people(people, vertices, grouping);
  return groupings;
}

}  // namespace grapevine
