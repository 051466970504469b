#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/routes.hpp"

namespace grapevine {

// Segment's HTTP Tracking API: `200 {"success": true}` once what was sent is durable. Events that
// are bad in themselves are listed in "rejected" beside it. Request and errors: operation `collect`
// and those beside it in api/openapi.yaml.

absl::StatusOr<Response> collect_track(const Request& request, const Context& context);
absl::StatusOr<Response> collect_identify(const Request& request, const Context& context);
absl::StatusOr<Response> collect_page(const Request& request, const Context& context);
absl::StatusOr<Response> collect_screen(const Request& request, const Context& context);
absl::StatusOr<Response> collect_group(const Request& request, const Context& context);
absl::StatusOr<Response> collect_alias(const Request& request, const Context& context);
absl::StatusOr<Response> collect_batch(const Request& request, const Context& context);

/// PostHog's capture API: POST /batch/, /capture/, /e/, /i/v0/e/. Answered as above.
absl::StatusOr<Response> collect_posthog(const Request& request, const Context& context);

/// Jitsu's POST /api/s/{type}: a Segment call, or a batch of them. NotFound: another type.
absl::StatusOr<Response> collect_jitsu(const Request& request, const Context& context);

/// POST /v1/cloudevents: CloudEvents in any content mode. Answered as above where an event of a
/// batch is good, else 422 with every mistake.
absl::StatusOr<Response> collect_cloud_events(const Request& request, const Context& context);

/// POST /v1/import: history of any size, as NDJSON or CSV, committed in chunks.
absl::StatusOr<std::unique_ptr<BodyReader>> import_history(const Request& request,
                                                           const Context& context);

/// GET /v1/imports and DELETE /v1/imports/{import_id}: what was imported, and taking it back.
absl::StatusOr<Response> list_imports(const Request& request, const Context& context);
absl::StatusOr<Response> undo_import(const Request& request, const Context& context);

}  // namespace grapevine
