#pragma once

#include "api/encode/json_writer.hpp"
#include "api/execute/exit_filter.hpp"

namespace grapevine {

/// The members `consent`, `restricted` and `holdout`.
inline void write_withheld_members(JsonWriter& json, const WithheldCounts& withheld) {
  json.member("consent", withheld.consent);
  json.member("restricted", withheld.restricted);
  json.member("holdout", withheld.holdout);
}

/// The same as an object.
inline void write_withheld(JsonWriter& json, const WithheldCounts& withheld) {
  json.begin_object();
  write_withheld_members(json, withheld);
  json.end_object();
}

}  // namespace grapevine
