#pragma once

#include <cstdint>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/routes.hpp"

namespace grapevine {

// Long work that goes on after it was answered: requests, answers and errors are the operations of
// these names in api/openapi.yaml.

absl::StatusOr<Response> list_jobs(const Request& request, const Context& context);
absl::StatusOr<Response> get_job(const Request& request, const Context& context);
absl::StatusOr<Response> cancel_job(const Request& request, const Context& context);

/// Whether a request has `Prefer: respond-async` (RFC 7240), and its answer would be JSON.
[[nodiscard]] bool prefers_async(const Request& request);
/// Does what a handler does, later: 202 and the job.
/// Errors  TooManyRequests: there are as many jobs as there can be.
absl::StatusOr<Response> accept_job(Handler handle, const Request& request, const Context& context);

/// A handler whose work may be long: it is done at once, or as a job where that is preferred.
template <Handler handle>
absl::StatusOr<Response> now_or_later(const Request& request, const Context& context) {
  if (context.jobs == nullptr || !prefers_async(request)) return handle(request, context);
  return accept_job(handle, request, context);
}

/// The answer that an erasure has begun: 202 and the job. `snapshot`: the first that shows it.
absl::StatusOr<Response> accept_erasure(std::uint64_t snapshot, const Context& context);

}  // namespace grapevine
