#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/list_page.hpp"
#include "api/message.hpp"
#include "api/parse/profile_request.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "kernels/segment/profile.hpp"

namespace grapevine {

/// How the members of a segment differ from the whole base.
struct SegmentProfile {
  struct Attributed {
    std::string name;
    Attribute attribute;
    AttributeProfile profile;
  };
  std::size_t size = 0;  ///< Of the segment.
  std::size_t base = 0;  ///< All people.
  std::vector<Attributed> attributes;
  std::size_t left_off = 0;      ///< Attributes beyond the limit, where none were named.
  std::set<std::string> traits;  ///< That the definition looks at.
};

/// Errors  Unprocessable: attributes that nobody knows. NotFound: no such segment. Cancelled.
absl::StatusOr<SegmentProfile> profile_segment(const std::string& segment,
                                               const ProfileRequest& request,
                                               const ListSource& source, const Context& context);

}  // namespace grapevine
