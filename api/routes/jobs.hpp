#pragma once

#include <cstdint>

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

// Long work that goes on after it was answered: requests, answers and errors are the operations of
// these names in api/openapi.yaml.

absl::StatusOr<Response> list_jobs(const Request& request, const Context& context);
absl::StatusOr<Response> get_job(const Request& request, const Context& context);
absl::StatusOr<Response> cancel_job(const Request& request, const Context& context);

/// The answer that an erasure has begun: 202 and the job. `snapshot`: the first that shows it.
absl::StatusOr<Response> accept_erasure(std::uint64_t snapshot, const Context& context);

}  // namespace grapevine
