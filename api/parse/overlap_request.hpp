#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/parse/mistakes.hpp"
#include "api/parse/within.hpp"

namespace grapevine {

/// `{segments, as_of?, snapshot?}`: whose overlap is asked for. `mistakes` holds what is wrong with
/// it so far, so that what only the data can tell is reported together with it.
struct OverlapRequest {
  /// 2 to 8 names, where there are no mistakes; nullopt: it was no name.
  std::vector<std::optional<std::string>> segments;
  AsOf as_of;
  std::optional<std::uint64_t> snapshot;
  Mistakes mistakes;
};

/// Errors  Malformed: not a JSON object.
absl::StatusOr<OverlapRequest> parse_overlap_request(const std::string& body);

}  // namespace grapevine
