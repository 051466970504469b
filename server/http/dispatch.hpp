#pragma once

#include <optional>
#include <string_view>

#include "api/routes.hpp"
#include "server/http/content_coding.hpp"
#include "server/http/operating.hpp"
#include "server/http/serving.hpp"

namespace grapevine {

/// What answers a request: exactly one of `route`, `operating` and `answer` is set.
struct Routed {
  const Route* route = nullptr;
  const OperatingRoute* operating = nullptr;
  std::optional<Response> answer{};  ///< There is nothing to run: 404, 405, OPTIONS.

  [[nodiscard]] bool streams() const { return route != nullptr && route->stream != nullptr; }
  [[nodiscard]] WorkKind work() const;
  [[nodiscard]] std::string_view operation_id() const;
  /// Whether pages of other origins may call it: what collects from browsers.
  [[nodiscard]] bool cross_origin() const;
};

/// Finds what answers `request`, whose path parameters it fills in. Cheap enough for an I/O thread.
Routed route_request(const Serving& serving, Request& request);

/// What a body may have, on the wire and inflated.
std::size_t body_bytes_max(const Limits& limits, const Route* route);

/// The Context of a request that has just come in.
Context make_context(const Serving& serving, const Stop& stop);

/// Inflates the body and runs what answers. May block or compute: for worker threads.
Response run_request(Serving& serving, const Routed& routed, Request& request, const Stop& stop);

/// The answer that a failure is; one that only we can cause is logged.
Response answer_failure(Serving& serving, const absl::Status& failed);

/// Adds the headers that every answer carries and compresses the body where that helps. For worker
/// threads where the body is large.
void dress(const Serving& serving, const Routed& routed, const Request& request,
           Response& response);

}  // namespace grapevine
