#include "server/http/operating.hpp"

#include <array>

#include "api/error.hpp"
#include "server/http/serving.hpp"

namespace grapevine {
namespace {

Response answer_status(const std::string& status) {
  return {200, "application/json", {}, R"({"status":")" + status + "\"}"};
}

Response answer_health(const Serving&) { return answer_status("alive"); }

Response answer_ready(const Serving& serving) {
  if (serving.draining) {
    return to_response(problem(ErrorCode::Unavailable, "the server is stopping"));
  }
  const auto& ready = serving.options.ready;
  if (const absl::Status status = ready ? ready() : absl::OkStatus(); !status.ok()) {
    const std::string_view why{status.message().data(), status.message().size()};
    return to_response(problem(ErrorCode::Unavailable, why));
  }
  return answer_status("ready");
}

Response answer_metrics(const Serving& serving) {
  return {200, "text/plain; version=0.0.4; charset=utf-8", {}, serving.metrics.text()};
}

constexpr std::array kOperatingRoutes = {
    OperatingRoute{"/healthz", "health", answer_health},
    OperatingRoute{"/readyz", "ready", answer_ready},
    OperatingRoute{"/metrics", "metrics", answer_metrics},
};

}  // namespace

std::span<const OperatingRoute> operating_routes() { return kOperatingRoutes; }

}  // namespace grapevine
