#pragma once

#include <string>

#include "api/execute/list_page.hpp"
#include "api/execute/segment_profile.hpp"

namespace grapevine {

/// The answer of `GET /v1/segments/{name}/profile`.
std::string encode_profile(const std::string& segment, const SegmentProfile& profile,
                           const ListSource& source, double elapsed_ms);

}  // namespace grapevine
