#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/within.hpp"

namespace grapevine {

inline constexpr std::size_t kProfiledMax = 50;  ///< Attributes of one profile.

/// What a profile is asked for.
struct ProfileRequest {
  std::vector<std::string> attributes;  ///< Each once; empty: all, as far as the limit goes.
  AsOf as_of;
  std::optional<std::uint64_t> snapshot;
};

/// Reads the parameters of `GET /v1/segments/{name}/profile`.
/// Errors  Unprocessable: a parameter that is not known, or not as it should be.
absl::StatusOr<ProfileRequest> parse_profile_request(const Request& request);

}  // namespace grapevine
