#include "api/plan/mention_groups.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "api/execute/find_topics.hpp"
#include "api/execute/segment_executor.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/voice_request.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "api/plan/brand_owners.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/topic_document.hpp"
#include "kernels/listen/speaker_groups.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using Names = std::vector<std::string>;

struct Asked {
  const Names& named;  // Empty: all.
  const std::string& pointer;
  GraphSource& source;
  const Context& context;
  Mistakes& mistakes;
  TimeMs max_staleness_ms = 0;

  void wrong(std::string detail) const { mistakes.add(pointer, std::move(detail)); }
};

constexpr std::string_view kFilters[] = {"brand",   "product", "topic",   "account",
                                         "channel", "region",  "segment", "community"};

std::optional<CoreColumn> column_of(std::string_view dimension) {
  if (dimension == "brand") return CoreColumn::Brand;
  if (dimension == "product") return CoreColumn::ProductId;
  if (dimension == "channel") return CoreColumn::Channel;
  if (dimension == "account") return CoreColumn::Account;
  return std::nullopt;
}

// Whether some run keeps texts in the column instead of codes.
bool keeps_texts(const Snapshot& snapshot, ColumnId column) {
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& live : part->runs) {
      const RunColumn* values = live->column(column);
      if (values != nullptr && std::holds_alternative<TextValues>(values->values)) return true;
    }
  }
  return false;
}

// Each named value is a group, or else each value of the dictionary.
NamedGroups group_by_values(const Asked& asked, ColumnId column) {
  const Snapshot& snapshot = *asked.source.snapshot;
  const Dictionary& values = *snapshot.columns()[index(column)].dictionary;
  NamedGroups by{.groups = {.column = column}, .names = asked.named};
  if (!asked.named.empty()) {
    for (std::uint32_t group = 0; group < asked.named.size(); ++group) {
      by.groups.of_text.emplace(asked.named[group], group);
      const std::uint32_t code = values.find(asked.named[group]);
      if (code == Dictionary::kMissing) continue;
      if (code >= by.groups.of_code.size()) by.groups.of_code.resize(code + 1, kNoGroup);
      by.groups.of_code[code] = group;
    }
  } else {
    by.all = true;
    if (values.size() > kGroupedMax || keeps_texts(snapshot, column)) {
      asked.wrong("more different values than can be told apart: name those that are wanted");
      return by;
    }
    for (std::uint32_t code = 0; code < values.size(); ++code) {
      by.groups.of_code.push_back(code);
      by.names.emplace_back(values.at(code));
    }
  }
  by.groups.groups = by.names.size();
  return by;
}

// Finds the rows of topics, which are about the groups of the same places.
absl::Status add_topics(const Asked& asked, const Names& topics,
                        const std::vector<std::uint32_t>& groups, GroupDimension& by) {
  if (topics.empty()) return absl::OkStatus();
  GRAPEVINE_ASSIGN_OR_RETURN(const auto rows,
                             find_topics(*asked.source.snapshot, topics, asked.context));
  for (std::size_t i = 0; i < topics.size(); ++i) by.topics.emplace_back(groups[i], rows[i]);
  return absl::OkStatus();
}

// Adds texts about topics that count for a value of the column, where their event names none.
absl::Status add_topics_of_values(const Asked& asked, std::string TopicDocument::*value,
                                  NamedGroups& by) {
  std::map<std::string, std::uint32_t, std::less<>> group_of;
  for (std::uint32_t group = 0; group < by.names.size(); ++group) group_of[by.names[group]] = group;
  Names topics;
  std::vector<std::uint32_t> groups;
  for (const auto& [name, topic] : topics_of(*asked.source.snapshot)) {
    const std::string& counts_for = topic.*value;
    if (counts_for.empty()) continue;
    auto group = group_of.find(counts_for);
    if (group == group_of.end()) {
      if (!by.all) continue;
      group = group_of.emplace(counts_for, static_cast<std::uint32_t>(by.names.size())).first;
      by.names.push_back(counts_for);
    }
    topics.push_back(name);
    groups.push_back(group->second);
  }
  by.groups.groups = by.names.size();
  return add_topics(asked, topics, groups, by.groups);
}

absl::StatusOr<NamedGroups> group_by_column(const Asked& asked, CoreColumn column) {
  NamedGroups by = group_by_values(asked, column_id(column));
  if (column == CoreColumn::Brand) {
    GRAPEVINE_RETURN_IF_ERROR(add_topics_of_values(asked, &TopicDocument::brand, by));
  } else if (column == CoreColumn::ProductId) {
    GRAPEVINE_RETURN_IF_ERROR(add_topics_of_values(asked, &TopicDocument::product_id, by));
  }
  return by;
}

absl::StatusOr<NamedGroups> group_by_topic(const Asked& asked) {
  const Snapshot& snapshot = *asked.source.snapshot;
  NamedGroups by{.names = asked.named};
  if (asked.named.empty()) {
    by.all = true;
    for (const auto& [name, topic] : topics_of(snapshot)) by.names.push_back(name);
  }
  Names known;
  std::vector<std::uint32_t> groups;
  for (std::uint32_t group = 0; group < by.names.size(); ++group) {
    if (!find_topic(snapshot, by.names[group])) continue;  // Nothing is about it.
    known.push_back(by.names[group]);
    groups.push_back(group);
  }
  by.groups.groups = by.names.size();
  GRAPEVINE_RETURN_IF_ERROR(add_topics(asked, known, groups, by.groups));
  return by;
}

absl::StatusOr<NamedGroups> group_by_owner(const Asked& asked) {
  const Names all;
  NamedGroups by =
      group_by_values({all, asked.pointer, asked.source, asked.context, asked.mistakes},
                      column_id(CoreColumn::Brand));
  GRAPEVINE_ASSIGN_OR_RETURN(const BrandOwners owners,
                             BrandOwners::read(*asked.source.snapshot, asked.context.stop));
  const auto side_of = [&](std::uint32_t group) {
    const auto own = owners.is_own(by.names[group]);
    return !own ? kNoGroup : *own ? 0U : 1U;
  };
  for (std::uint32_t& group : by.groups.of_code) group = side_of(group);
  for (auto& [group, rows] : by.groups.topics) group = side_of(group);
  by.names = {"true", "false"};
  by.groups.groups = 2;
  by.all = false;
  return by;
}

absl::StatusOr<NamedGroups> group_by_segment(const Asked& asked) {
  const Snapshot& snapshot = *asked.source.snapshot;
  NamedGroups by{.names = asked.named};
  if (asked.named.empty()) {
    by.all = true;
    for (const std::string_view name : segment_names(snapshot)) by.names.emplace_back(name);
  }
  if (by.names.size() > MentionFilter::kValuesMax) {
    asked.wrong("more than 1000 segments: name those that are wanted");
    return by;
  }
  const EvaluationSource source{snapshot, asked.source.moment.as_of, asked.context.graph,
                                asked.context.stop};
  for (std::uint32_t group = 0; group < by.names.size(); ++group) {
    if (!has_segment(snapshot, by.names[group])) {
      asked.wrong(no_such_segment(snapshot, by.names[group]));
      continue;
    }
    GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet members,
                               evaluate_segment(source, by.names[group], asked.context.timezone));
    by.groups.members.emplace_back(group, std::make_shared<const CustomerSet>(std::move(members)));
  }
  by.groups.groups = by.names.size();
  return by;
}

absl::StatusOr<NamedGroups> group_by_community(const Asked& asked) {
  GraphSource& source = asked.source;
  if (source.graph == nullptr) {
    GRAPEVINE_RETURN_IF_ERROR(
        find_graph({{}, {}, {}, asked.max_staleness_ms}, asked.context, source));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto communities, source.graph->communities(asked.context.stop));
  NamedGroups by{.names = asked.named};
  std::vector<std::uint32_t> of_number;
  if (asked.named.empty()) {
    by.all = true;
    for (std::uint32_t number = 0; number < communities->count(); ++number) {
      of_number.push_back(number);
      by.names.push_back(std::to_string(number));
    }
  }
  for (std::uint32_t group = 0; group < asked.named.size(); ++group) {
    const std::string& name = asked.named[group];
    std::uint32_t number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    if (read.ec != std::errc() || read.ptr != name.data() + name.size() ||
        number >= communities->count()) {
      asked.wrong("no such community: " + name);
      continue;
    }
    if (number >= of_number.size()) of_number.resize(number + 1, kNoGroup);
    of_number[number] = group;
  }
  by.groups.of_customer = groups_by_vertex(
      source.graph->listening(), source.snapshot->customers().count(), communities->of, of_number);
  by.groups.groups = by.names.size();
  return by;
}

// Who names a stretch of time means `every`.
std::string time_hint(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kStretches[] = {
      {"minute", "15m"}, {"hour", "1h"}, {"date", "1d"},
      {"day", "1d"},     {"week", "1w"}, {"month", "4w"}};
  for (const auto& [stretch, every] : kStretches) {
    if (name == stretch) return "; time is cut by every, as in every=" + std::string(every);
  }
  return {};
}

NamedGroups group_by_attribute(const Asked& asked, std::string_view name) {
  const Snapshot& snapshot = *asked.source.snapshot;
  NamedGroups by{.names = asked.named};
  Attribute attribute;
  if (!find_attribute(snapshot, name, attribute)) {
    if (name == "region") {  // A filter of the contract: nobody has one yet.
      by.groups.groups = by.names.size();
      return by;
    }
    std::vector<std::string_view> known = attribute_names(snapshot);
    known.insert(known.end(), std::begin(kMentionDimensions), std::end(kMentionDimensions));
    asked.wrong(no_such("dimension", name, known) + time_hint(name));
    return by;
  }
  const bool is_column = attribute.from == Attribute::From::Column && attribute.column != nullptr;
  const AttributeColumn* column = is_column ? attribute.column.get() : nullptr;
  if (column == nullptr || (column->type != ValueType::String && column->type != ValueType::Bool)) {
    asked.wrong("wants an attribute whose values are strings, true or false, not: " +
                std::string(name));
    return by;
  }
  const std::size_t values = column->type == ValueType::Bool ? 2 : column->dictionary->size();
  if (asked.named.empty() && values > kGroupedMax) {
    asked.wrong("more different values than can be told apart: " + std::string(name));
    return by;
  }
  std::map<std::string_view, std::uint32_t> group_of;
  for (std::uint32_t group = 0; group < by.names.size(); ++group) group_of[by.names[group]] = group;
  by.all = asked.named.empty();
  std::vector<std::uint32_t> of_value(values, kNoGroup);
  for (std::uint32_t value = 0; value < values; ++value) {
    const std::string_view text = column->type == ValueType::Bool ? (value == 1 ? "true" : "false")
                                                                  : column->dictionary->at(value);
    if (by.all) {
      of_value[value] = value;
      by.names.emplace_back(text);
    } else if (const auto found = group_of.find(text); found != group_of.end()) {
      of_value[value] = found->second;
    }
  }
  by.groups.of_customer = groups_by_attribute(*column, snapshot.customers().count(), of_value);
  by.groups.groups = by.names.size();
  return by;
}

absl::StatusOr<NamedGroups> group(std::string_view dimension, const Asked& asked) {
  if (dimension == "own") return group_by_owner(asked);
  if (dimension == "segment") return group_by_segment(asked);
  if (dimension == "community") return group_by_community(asked);
  if (dimension == "topic") return group_by_topic(asked);
  if (const auto column = column_of(dimension)) return group_by_column(asked, *column);
  return group_by_attribute(asked, dimension);
}

// All groups as one.
GroupDimension as_filter(GroupDimension by) {
  const auto join = [](std::vector<std::uint32_t>& groups) {
    for (std::uint32_t& group : groups) group = group == kNoGroup ? kNoGroup : 0;
  };
  join(by.of_code);
  join(by.of_customer);
  for (auto& [text, group] : by.of_text) group = 0;
  for (auto& [group, set] : by.members) group = 0;
  for (auto& [group, rows] : by.topics) group = 0;
  by.groups = 1;
  return by;
}

}  // namespace

const std::vector<std::string>* named_of(const MentionFilter& filter, std::string_view dimension) {
  if (dimension == "brand") return &filter.brands;
  if (dimension == "product") return &filter.products;
  if (dimension == "topic") return &filter.topics;
  if (dimension == "account") return &filter.accounts;
  if (dimension == "channel") return &filter.channels;
  if (dimension == "region") return &filter.regions;
  if (dimension == "segment") return &filter.segments;
  if (dimension == "community") return &filter.communities;
  return nullptr;
}

absl::StatusOr<NamedGroups> group_mentions(std::string_view dimension, const MentionFilter& filter,
                                           const std::string& pointer, GraphSource& source,
                                           const Context& context, Mistakes& mistakes) {
  static const Names kNone;
  const Names* named = named_of(filter, dimension);
  const Asked asked{named == nullptr ? kNone : *named,
                    pointer,
                    source,
                    context,
                    mistakes,
                    filter.max_staleness_ms};
  GRAPEVINE_ASSIGN_OR_RETURN(NamedGroups by, group(dimension, asked));
  by.dimension = dimension;
  return by;
}

absl::StatusOr<std::vector<NamedGroups>> group_mentions_by(const std::vector<std::string>& by,
                                                           const MentionFilter& filter,
                                                           GraphSource& source,
                                                           const Context& context,
                                                           Mistakes& mistakes) {
  std::vector<NamedGroups> made;
  for (const std::string& dimension : by) {
    const Names* named = named_of(filter, dimension);
    const std::string pointer = named != nullptr && !named->empty() ? '?' + dimension : "?by";
    GRAPEVINE_ASSIGN_OR_RETURN(
        NamedGroups groups, group_mentions(dimension, filter, pointer, source, context, mistakes));
    made.push_back(std::move(groups));
  }
  return made;
}

absl::StatusOr<std::vector<GroupDimension>> filter_mentions(const MentionFilter& filter,
                                                            GraphSource& source,
                                                            const Context& context,
                                                            Mistakes& mistakes,
                                                            std::span<const NamedGroups> made) {
  std::vector<GroupDimension> filters;
  for (const std::string_view dimension : kFilters) {
    if (named_of(filter, dimension)->empty()) continue;
    const auto before = std::find_if(made.begin(), made.end(),
                                     [&](const auto& by) { return by.dimension == dimension; });
    if (before != made.end()) {
      filters.push_back(as_filter(before->groups));
      continue;
    }
    GRAPEVINE_ASSIGN_OR_RETURN(
        NamedGroups by,
        group_mentions(dimension, filter, '?' + std::string(dimension), source, context, mistakes));
    filters.push_back(as_filter(std::move(by.groups)));
  }
  return filters;
}

std::vector<GroupDimension> take_groups(std::vector<NamedGroups>& by) {
  std::vector<GroupDimension> groups;
  for (NamedGroups& of : by) groups.push_back(std::exchange(of.groups, {}));
  return groups;
}

}  // namespace grapevine
