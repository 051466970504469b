#include "api/plan/segment_document.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/nearest_name.hpp"

namespace grapevine {
namespace {

void collect_nested(const Condition& condition, std::vector<std::string>& names) {
  std::visit(
      [&](const auto& what) {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, AllOf> || std::is_same_v<What, AnyOf>) {
          for (const Condition& part : what.parts) collect_nested(part, names);
        } else if constexpr (std::is_same_v<What, NotOf>) {
          for (const Condition& part : what.part) collect_nested(part, names);
        } else if constexpr (std::is_same_v<What, SegmentCondition>) {
          names.push_back(what.name);
        } else if constexpr (std::is_same_v<What, ConnectedCondition>) {
          names.push_back(what.segment);
        }
      },
      condition.what);
}

}  // namespace

std::string write_segment_document(const SegmentDocument& segment) {
  JsonWriter json;
  json.begin_object();
  json.key("definition");
  write_json(json, segment.definition);
  json.member("description", segment.description);
  json.end_object();
  return std::move(json).take();
}

std::optional<SegmentDocument> read_segment_document(std::string_view json) {
  auto object = read_json_object(json);
  if (!object.ok()) return std::nullopt;
  SegmentDocument segment;
  for (auto& [name, content] : *object) {
    if (name == "definition") segment.definition = std::move(content);
    if (auto* text = std::get_if<std::string>(&content.content); text && name == "description") {
      segment.description = std::move(*text);
    }
  }
  return segment;
}

bool has_segment(const Snapshot& snapshot, std::string_view name) {
  return snapshot.documents().contains({std::string(kSegmentDocuments), std::string(name)});
}

std::optional<SegmentDocument> find_segment(const Snapshot& snapshot, std::string_view name) {
  const auto found = snapshot.documents().find({std::string(kSegmentDocuments), std::string(name)});
  if (found == snapshot.documents().end()) return std::nullopt;
  return read_segment_document(found->second);
}

std::vector<std::string_view> segment_names(const Snapshot& snapshot) {
  std::vector<std::string_view> names;
  const Documents& documents = snapshot.documents();
  for (auto at = documents.lower_bound({std::string(kSegmentDocuments), ""});
       at != documents.end() && at->first.first == kSegmentDocuments; ++at) {
    names.emplace_back(at->first.second);
  }
  return names;
}

std::vector<std::string> nested_segments(const Condition& definition) {
  std::vector<std::string> names;
  collect_nested(definition, names);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string no_such_segment(const Snapshot& snapshot, std::string_view name) {
  return no_such("segment", name, segment_names(snapshot));
}

}  // namespace grapevine
