#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/parse/definition.hpp"
#include "api/parse/json_value.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A segment as it is stored.
struct SegmentDocument {
  JsonValue definition;
  std::string description;
};

/// The document as JSON, and back. A document that this program wrote is always readable.
std::string write_segment_document(const SegmentDocument& segment);
std::optional<SegmentDocument> read_segment_document(std::string_view json);

[[nodiscard]] bool has_segment(const Snapshot& snapshot, std::string_view name);
/// nullopt: the snapshot has no such segment.
std::optional<SegmentDocument> find_segment(const Snapshot& snapshot, std::string_view name);

/// The names of all segments, ascending.
std::vector<std::string_view> segment_names(const Snapshot& snapshot);

/// The names of the segments that a definition nests, each once, ascending.
std::vector<std::string> nested_segments(const Condition& definition);

/// "no such segment: vipp (did you mean vip?)".
std::string no_such_segment(const Snapshot& snapshot, std::string_view name);

}  // namespace grapevine
