#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

// Handlers of what texts say: requests, answers and errors are the operations of these names in
// api/openapi.yaml.

absl::StatusOr<Response> put_topic(const Request& request, const Context& context);
absl::StatusOr<Response> get_topic(const Request& request, const Context& context);
absl::StatusOr<Response> delete_topic(const Request& request, const Context& context);
absl::StatusOr<Response> list_topics(const Request& request, const Context& context);
absl::StatusOr<Response> score_texts(const Request& request, const Context& context);
absl::StatusOr<Response> recompute_sentiments(const Request& request, const Context& context);
absl::StatusOr<Response> show_voice(const Request& request, const Context& context);
absl::StatusOr<Response> show_service(const Request& request, const Context& context);
absl::StatusOr<Response> show_advocacy(const Request& request, const Context& context);
absl::StatusOr<Response> show_terms(const Request& request, const Context& context);
absl::StatusOr<Response> show_inbox(const Request& request, const Context& context);
absl::StatusOr<Response> trace_cascade(const Request& request, const Context& context);

}  // namespace grapevine
