#pragma once

#include <string_view>
#include <vector>

#include "api/encode/json_writer.hpp"

namespace grapevine {

/// Writes a list of what was refused, `[{"line": 7, "detail": "..."}]`: `place` names the member
/// that says where, `where` has it.
template <typename Refused, typename Number>
void write_details(JsonWriter& json, std::string_view list, std::string_view place,
                   const std::vector<Refused>& refused, Number Refused::*where) {
  json.key(list);
  json.begin_array();
  for (const Refused& one : refused) {
    json.begin_object();
    json.member(place, one.*where);
    json.member("detail", one.detail);
    json.end_object();
  }
  json.end_array();
}

}  // namespace grapevine
