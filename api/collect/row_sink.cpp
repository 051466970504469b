#include "api/collect/row_sink.hpp"

#include "api/collect/flatten.hpp"

namespace grapevine {

absl::Status add_member(Family family, std::string_view name, JsonElement element, RowSink& sink) {
  if (element.is_array()) {
    return sink.cells.add(family, name, Scalar::of(json_text(element, sink.made)));
  }
  return flatten_member(name, element, Nulls::Skip, sink.made,
                        [&](std::string_view path, const Scalar& value) {
                          return sink.rows.add(family, path, value);
                        });
}

}  // namespace grapevine
