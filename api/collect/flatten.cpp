#include "api/collect/flatten.hpp"

#include <string>

#include "api/collect/limits.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

class Flattener {
 public:
  Flattener(Nulls nulls, MadeTexts& made, LeafVisitor visit)
      : nulls_(nulls), made_(made), visit_(visit) {}

  absl::Status member(std::string_view path, JsonElement element, std::size_t depth) {
    if (element.is_object() && depth < kFlattenDepthMax) {
      return members(path, JsonObject(element.get_object().value_unsafe()), depth);
    }
    if (element.is_object() || element.is_array()) {
      return visit_(path, Scalar::of(json_text(element, made_)));
    }
    if (element.is_null() && nulls_ == Nulls::Skip) return absl::OkStatus();
    return visit_(path, scalar_of(element, made_));
  }

 private:
  // Recurses at most kFlattenDepthMax times, however deep the value is.
  absl::Status members(std::string_view path, JsonObject object, std::size_t depth) {
    std::string below(path);
    below += '.';
    const std::size_t stem = below.size();
    for (const auto& [name, element] : object) {
      below.resize(stem);
      below += name;
      GRAPEVINE_RETURN_IF_ERROR(member(below, element, depth + 1));
    }
    return absl::OkStatus();
  }

  Nulls nulls_;
  MadeTexts& made_;
  LeafVisitor visit_;
};

}  // namespace

absl::Status flatten_member(std::string_view name, JsonElement element, Nulls nulls,
                            MadeTexts& made, LeafVisitor visit) {
  return Flattener(nulls, made, visit).member(name, element, 1);
}

absl::Status flatten(JsonObject object, Nulls nulls, MadeTexts& made, LeafVisitor visit) {
  Flattener flattener(nulls, made, visit);
  for (const auto& [name, element] : object) {
    GRAPEVINE_RETURN_IF_ERROR(flattener.member(name, element, 1));
  }
  return absl::OkStatus();
}

}  // namespace grapevine
