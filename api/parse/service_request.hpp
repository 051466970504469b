#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/mention_filter.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What `GET /v1/listen/service` asks for.
struct ServiceRequest {
  static constexpr std::size_t kByMax = 2;
  static constexpr std::size_t kGroupsMax = 10'000;  ///< Listed.

  MentionFilter filter;         ///< Of the rows that opened complaints.
  std::optional<TimeMs> every;  ///< Width of a bucket; nullopt: the period is one.
  std::string every_text;
  std::vector<std::string> by;   ///< Dimensions, as of voice.
  std::optional<TimeMs> target;  ///< In which a complaint is to be answered.
  std::string target_text;
  std::size_t limit = 100;  ///< Groups that are listed.
};

/// Errors  Unprocessable: as of every query.
absl::StatusOr<ServiceRequest> parse_service_request(const Request& request,
                                                     const Context& context);

}  // namespace grapevine
