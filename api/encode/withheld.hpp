#pragma once

#include "api/encode/json_writer.hpp"
#include "api/execute/exit_filter.hpp"

namespace grapevine {

/// `{"consent", "restricted", "holdout"}`.
inline void write_withheld(JsonWriter& json, const WithheldCounts& withheld) {
  json.begin_object();
  json.member("consent", withheld.consent);
  json.member("restricted", withheld.restricted);
  json.member("holdout", withheld.holdout);
  json.end_object();
}

}  // namespace grapevine
