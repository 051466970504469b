#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/mention_filter.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What `GET /v1/listen/advocacy` asks for.
struct AdvocacyRequest {
  static constexpr std::int64_t kDaysMax = 365;

  MentionFilter filter;    ///< Of the rows that opened complaints; brands are those spoken of, too.
  std::int64_t days = 30;  ///< That one looks on.
  std::optional<TimeMs> target;  ///< In which a complaint is to be answered and resolved.
  std::string target_text;
};

/// Errors  Unprocessable: as of every query.
absl::StatusOr<AdvocacyRequest> parse_advocacy_request(const Request& request,
                                                       const Context& context);

}  // namespace grapevine
