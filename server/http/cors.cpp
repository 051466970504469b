#include "server/http/cors.hpp"

#include <string>

namespace grapevine {
namespace {

constexpr std::string_view kPreflightSeconds = "86400";  // The most that browsers keep it.

}  // namespace

void allow_any_origin(const Request& request, Response& response) {
  const std::string* origin = find_field(request.headers, "origin");
  Fields& headers = response.headers;
  headers.emplace_back("Access-Control-Allow-Origin", origin == nullptr ? "*" : *origin);
  if (origin == nullptr) return;
  headers.emplace_back("Access-Control-Allow-Credentials", "true");
  headers.emplace_back("Vary", "Origin");
}

Response answer_options(const Request& request, std::string_view methods, bool cross_origin) {
  Response response;
  response.status = 204;
  response.headers.emplace_back("Allow", methods);
  if (!cross_origin) return response;
  allow_any_origin(request, response);
  response.headers.emplace_back("Access-Control-Allow-Methods", methods);
  const std::string* wanted = find_field(request.headers, "access-control-request-headers");
  response.headers.emplace_back(
      "Access-Control-Allow-Headers",
      wanted == nullptr ? "Authorization, Content-Type, Content-Encoding" : *wanted);
  response.headers.emplace_back("Access-Control-Max-Age", kPreflightSeconds);
  return response;
}

}  // namespace grapevine
