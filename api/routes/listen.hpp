#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// GET /v1/listen/voice, operation `showVoice`: how often, by whom and in what mood something is
/// mentioned, by group and time, beside the period before.
absl::StatusOr<Response> show_voice(const Request& request, const Context& context);

/// GET /v1/listen/terms, operation `showTerms`: the words and pairs that set some mentions apart from
/// the rest.
absl::StatusOr<Response> show_terms(const Request& request, const Context& context);

}  // namespace grapevine
