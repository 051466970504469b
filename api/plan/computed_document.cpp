#include "api/plan/computed_document.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "api/parse/computed_definition.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/plan/influence_model.hpp"
#include "api/plan/segment_document.hpp"

namespace grapevine {
namespace {

const std::string* find_document(const Snapshot& snapshot, std::string_view name) {
  const auto found =
      snapshot.documents().find({std::string(kAttributeDocuments), std::string(name)});
  return found == snapshot.documents().end() ? nullptr : &found->second;
}

bool asks_for(const Condition& condition, std::string_view name) {
  return std::visit(
      [&](const auto& what) {
        using What = std::decay_t<decltype(what)>;
        const auto any = [&](const std::vector<Condition>& parts) {
          return std::any_of(parts.begin(), parts.end(),
                             [&](const Condition& part) { return asks_for(part, name); });
        };
        if constexpr (std::is_same_v<What, AllOf> || std::is_same_v<What, AnyOf>) {
          return any(what.parts);
        } else if constexpr (std::is_same_v<What, NotOf>) {
          return any(what.part);
        } else if constexpr (std::is_same_v<What, AttributeCondition>) {
          return what.rule.name == name;
        } else {
          return false;
        }
      },
      condition.what);
}

}  // namespace

bool has_computed(const Snapshot& snapshot, std::string_view name) {
  return find_document(snapshot, name) != nullptr;
}

// It is written like a segment: a definition and what it is for.
std::optional<ComputedDocument> find_computed(const Snapshot& snapshot, std::string_view name) {
  const std::string* document = find_document(snapshot, name);
  if (document == nullptr) return std::nullopt;
  auto read = read_segment_document(*document);
  if (!read) return std::nullopt;
  return ComputedDocument{std::move(read->definition), std::move(read->description)};
}

std::vector<std::string_view> computed_names(const Snapshot& snapshot) {
  std::vector<std::string_view> names;
  const Documents& documents = snapshot.documents();
  for (auto at = documents.lower_bound({std::string(kAttributeDocuments), ""});
       at != documents.end() && at->first.first == kAttributeDocuments; ++at) {
    names.emplace_back(at->first.second);
  }
  return names;
}

AttributeUsers users_of_attribute(const Snapshot& snapshot, std::string_view name) {
  AttributeUsers users;
  Mistakes ignored;  // They were checked when they were stored.
  for (const std::string_view other : computed_names(snapshot)) {
    const auto document = find_computed(snapshot, other);
    const auto definition =
        document ? parse_computed_definition(document->definition, "", ignored) : std::nullopt;
    if (!definition) continue;
    const std::vector<std::string> names = attributes_in(*definition);
    if (std::binary_search(names.begin(), names.end(), name)) users.attributes.emplace_back(other);
  }
  for (const std::string_view segment : segment_names(snapshot)) {
    const auto document = find_segment(snapshot, segment);
    const auto definition =
        document ? parse_definition(document->definition, "", ignored) : std::nullopt;
    if (definition && asks_for(*definition, name)) users.segments.emplace_back(segment);
  }
  const ComputedOperand value = influence_model(snapshot).value;
  users.influence_model = value.name == name;
  for (const ComputedDefinition& computed : value.computed) {
    const std::vector<std::string> names = attributes_in(computed);
    users.influence_model =
        users.influence_model || std::binary_search(names.begin(), names.end(), name);
  }
  return users;
}

}  // namespace grapevine
