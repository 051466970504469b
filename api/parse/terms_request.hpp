#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/mention_filter.hpp"
#include "kernels/listen/counted_voices.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What `GET /v1/listen/terms` asks for.
struct TermsRequest {
  MentionFilter filter;
  std::uint8_t moods = 0xF;     ///< A bit a mood, as note_moods numbers them.
  std::size_t limit = 50;       ///< Terms.
  std::size_t least = 3;        ///< Selected posts that a term is in.
  std::size_t examples = 3;     ///< Of each term.
  std::optional<TimeMs> every;  ///< Width of a bucket for bursts; nullopt: as fits the period.
  CountedVoices voices = CountedVoices::Others;  ///< The company's stand apart.
};

/// Errors  Unprocessable: as of every query.
absl::StatusOr<TermsRequest> parse_terms_request(const Request& request, const Context& context);

}  // namespace grapevine
