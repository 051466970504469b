#include "api/plan/influence_model.hpp"

#include "api/parse/json_reader.hpp"

namespace grapevine {

std::string_view influence_document(const Snapshot& snapshot) {
  const auto found =
      snapshot.documents().find({std::string(kInfluenceDocuments), std::string(kInfluenceModel)});
  return found == snapshot.documents().end() ? std::string_view() : found->second;
}

InfluenceModel influence_model(const Snapshot& snapshot) {
  const std::string_view document = influence_document(snapshot);
  if (document.empty()) return {};
  const auto object = read_json_object(document);
  if (!object.ok()) return {};  // It was checked before it was stored.
  Mistakes none;
  return parse_influence_model(*object, none);
}

}  // namespace grapevine
