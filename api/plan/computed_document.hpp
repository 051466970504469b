#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/parse/json_value.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The kind under which computed attributes are kept among a store's documents.
inline constexpr std::string_view kAttributeDocuments = "attribute";

/// A computed attribute as it is stored.
struct ComputedDocument {
  JsonValue definition;
  std::string description;
};

[[nodiscard]] bool has_computed(const Snapshot& snapshot, std::string_view name);
/// nullopt: the snapshot has no such computed attribute.
std::optional<ComputedDocument> find_computed(const Snapshot& snapshot, std::string_view name);
/// The names of all of them, ascending.
std::vector<std::string_view> computed_names(const Snapshot& snapshot);

/// What is computed from an attribute, or asks for it: ascending.
struct AttributeUsers {
  std::vector<std::string> attributes;  ///< Computed ones.
  std::vector<std::string> segments;
  bool influence_model = false;  ///< As what people are worth.
  [[nodiscard]] bool empty() const {
    return attributes.empty() && segments.empty() && !influence_model;
  }
};
/// Cost: reads every stored definition.
AttributeUsers users_of_attribute(const Snapshot& snapshot, std::string_view name);

}  // namespace grapevine
