#include "server/http/dispatch.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include "api/error.hpp"
#include "server/http/compressor.hpp"
#include "server/http/cors.hpp"

namespace grapevine {
namespace {

const OperatingRoute* find_operating(std::string_view path) {
  for (const OperatingRoute& route : operating_routes()) {
    if (route.path == path) return &route;
  }
  return nullptr;
}

bool is_read(std::string_view method) { return method == "GET" || method == "HEAD"; }

// The methods of a path, as `Allow` lists them, and whether one of them collects.
struct PathMethods {
  std::string list;
  bool cross_origin = false;
};

PathMethods methods_of(const Serving& serving, const Request& request) {
  PathMethods methods;
  for (const std::string_view method : {"GET", "POST", "PUT", "DELETE", "PATCH"}) {
    Request probe;
    probe.method = method;
    probe.path = request.path;
    probe.segments = request.segments;
    const absl::StatusOr<const Route*> found = serving.routes.find(probe);
    if (!found.ok()) continue;
    methods.list.append(method).append(method == "GET" ? ", HEAD, " : ", ");
    if (Routed{.route = *found}.cross_origin()) methods.cross_origin = true;
  }
  if (!methods.list.empty()) methods.list += "OPTIONS";
  return methods;
}

Routed route_operating(const OperatingRoute& route, const Request& request) {
  constexpr std::string_view kMethods = "GET, HEAD, OPTIONS";
  if (is_read(request.method)) return {.operating = &route};
  if (request.method == "OPTIONS") return {.answer = answer_options(request, kMethods, false)};
  Routed routed{.answer =
                    to_response(problem(ErrorCode::MethodNotAllowed,
                                        "the resource has the methods " + std::string(kMethods)))};
  routed.answer->headers.emplace_back("Allow", kMethods);
  return routed;
}

absl::StatusOr<Response> run_route(const Serving& serving, const Route& route, Request& request,
                                   const Stop& stop) {
  if (const std::string* header = find_field(request.headers, "content-encoding")) {
    const absl::StatusOr<ContentCoding> coding = parse_content_coding(*header);
    if (!coding.ok()) return coding.status();
    if (*coding != ContentCoding::Identity) {
      absl::StatusOr<std::string> inflated =
          inflate_all(*coding, request.body, body_bytes_max(serving.options.limits, &route));
      if (!inflated.ok()) return inflated.status();
      request.body = *std::move(inflated);
    }
  }
  return route.handle(request, make_context(serving, stop));
}

// How the body is to be compressed. Says in the answer that others may get another one.
ContentCoding coding_of(const Limits& limits, const Request& request, Response& response) {
  using Coding = Response::Coding;
  const bool small = response.rest == nullptr && response.body.size() <= limits.compress_bytes_min;
  const bool never = response.coding == Coding::Never ||
                     (small && response.coding != Coding::Always) ||
                     (response.rest != nullptr && response.coding == Coding::IfLarge);
  if (never || find_field(response.headers, "Content-Encoding") != nullptr) {
    return ContentCoding::Identity;
  }
  response.headers.emplace_back("Vary", "Accept-Encoding");
  const std::string* accepted = find_field(request.headers, "accept-encoding");
  const ContentCoding coding =
      accepted == nullptr ? ContentCoding::Identity : choose_coding(*accepted);
  if (coding == ContentCoding::Identity && response.coding == Coding::Always) {
    return ContentCoding::Gzip;
  }
  return coding;
}

}  // namespace

std::size_t body_bytes_max(const Limits& limits, const Route* route) {
  if (route == nullptr || !route->large_body) return limits.body_bytes_max;
  return std::min(limits.large_body_bytes_max, limits.bodies_bytes_max);
}

WorkKind Routed::work() const { return route == nullptr ? WorkKind::Light : route->work; }

std::string_view Routed::operation_id() const {
  if (route != nullptr) return route->operation_id;
  return operating != nullptr ? operating->operation_id : "unmatched";
}

bool Routed::cross_origin() const {
  return route != nullptr && route->work == WorkKind::Collect && route->stream == nullptr &&
         route->method == "POST";
}

Routed route_request(const Serving& serving, Request& request) {
  if (const OperatingRoute* route = find_operating(request.path)) {
    return route_operating(*route, request);
  }
  if (request.method == "OPTIONS") {
    if (request.path == "*") return {.answer = Response{204, "", {}, ""}};
    const PathMethods methods = methods_of(serving, request);
    if (!methods.list.empty()) {
      return {.answer = answer_options(request, methods.list, methods.cross_origin)};
    }
  }
  const absl::StatusOr<const Route*> found = serving.routes.find(request);
  if (found.ok()) return {.route = *found};
  Routed routed{.answer = to_response(found.status())};
  if (routed.answer->status == 405) {
    routed.answer->headers.emplace_back("Allow", methods_of(serving, request).list);
  }
  return routed;
}

Context make_context(const Serving& serving, const Stop& stop) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {.store = serving.services.store,
          .graph = serving.services.graph,
          .results = serving.services.results,
          .stop = stop,
          .now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count(),
          .timezone = serving.options.timezone,
          .keeper = serving.services.keeper,
          .webhooks = serving.services.webhooks,
          .jobs = serving.services.jobs,
          .queries = serving.services.queries,
          .query_sessions = serving.services.query_sessions,
          .words = serving.services.words,
          .topics = serving.services.topics};
}

Response run_request(Serving& serving, const Routed& routed, Request& request, const Stop& stop) {
  // Layers below do not throw by design; memory may still run out, and that ends one request only.
  try {
    if (routed.operating != nullptr) return routed.operating->answer(serving);
    absl::StatusOr<Response> answered = run_route(serving, *routed.route, request, stop);
    if (answered.ok()) return *std::move(answered);
    return answer_failure(serving, answered.status());
  } catch (const std::exception& thrown) {
    return answer_failure(serving, absl::InternalError(thrown.what()));
  }
}

Response answer_failure(Serving& serving, const absl::Status& failed) {
  Response response = to_response(failed);
  if (response.status == 500) {
    serving.log.error("failed", {failed.message().data(), failed.message().size()});
  }
  return response;
}

void dress(const Serving& serving, const Routed& routed, const Request& request,
           Response& response) {
  if (routed.cross_origin()) allow_any_origin(request, response);
  const ContentCoding coding = coding_of(serving.options.limits, request, response);
  if (coding == ContentCoding::Identity) return;
  if (response.rest != nullptr) {
    auto rest = std::make_shared<CompressedSource>(coding, response.body, std::move(response.rest));
    response.body = rest->take_first();
    response.rest = std::move(rest);
  } else {
    response.body = compress(coding, response.body);
  }
  response.headers.emplace_back("Content-Encoding", name_of(coding));
}

}  // namespace grapevine
