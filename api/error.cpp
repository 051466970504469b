#include "api/error.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>

#include <absl/strings/cord.h>
#include <simdjson.h>

#include "api/encode/json_writer.hpp"
#include "api/field_errors.hpp"

namespace grapevine {
namespace {

constexpr char kPayloadUrl[] = "grapevine/problem";
constexpr char kMembersUrl[] = "grapevine/problem-members";

absl::StatusCode status_code(ErrorCode code) {
  switch (code) {
    using enum ErrorCode;
    case Malformed: return absl::StatusCode::kInvalidArgument;
    case Unauthorized: return absl::StatusCode::kUnauthenticated;
    case NotFound: return absl::StatusCode::kNotFound;
    case MethodNotAllowed: return absl::StatusCode::kUnimplemented;
    case Conflict: return absl::StatusCode::kAlreadyExists;
    case Gone: return absl::StatusCode::kFailedPrecondition;
    case TooLarge: return absl::StatusCode::kOutOfRange;
    case UnsupportedMediaType: return absl::StatusCode::kInvalidArgument;
    case Unprocessable: return absl::StatusCode::kInvalidArgument;
    case TooManyRequests: return absl::StatusCode::kResourceExhausted;
    case Timeout: return absl::StatusCode::kDeadlineExceeded;
    case Unavailable: return absl::StatusCode::kUnavailable;
    case Internal: return absl::StatusCode::kInternal;
  }
  std::abort();
}

// For a status that came from a layer below, which knows nothing of problems.
ErrorCode code_of(absl::StatusCode code) {
  switch (code) {
    using enum ErrorCode;
    case absl::StatusCode::kInvalidArgument: return Unprocessable;
    case absl::StatusCode::kNotFound: return NotFound;
    case absl::StatusCode::kAlreadyExists: return Conflict;
    case absl::StatusCode::kResourceExhausted: return TooManyRequests;
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded: return Timeout;
    case absl::StatusCode::kUnavailable: return Unavailable;
    default: return Internal;
  }
}

// Details echo what callers sent, and that need not be UTF-8: what is none becomes U+FFFD.
std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    std::size_t end = 1;
    const std::size_t most = std::min<std::size_t>(text.size(), 4);
    while (end <= most && !simdjson::validate_utf8(text.data(), end)) ++end;
    const bool is_character = end <= most;
    valid.append(is_character ? text.substr(0, end) : "\uFFFD");
    text.remove_prefix(is_character ? end : 1);
  }
  return valid;
}

void write_echo(JsonWriter& json, std::string_view name, std::string_view text) {
  if (simdjson::validate_utf8(text)) return json.member(name, text);
  json.member(name, valid_utf8(text));
}

// The payload: one character for the code, then the array of field errors as JSON.
std::string encode_payload(ErrorCode code, const std::vector<FieldError>& errors) {
  std::string payload(1, static_cast<char>(code));
  if (errors.empty()) return payload;
  JsonWriter json;
  json.begin_array();
  for (const FieldError& error : errors) {
    json.begin_object();
    write_echo(json, "pointer", error.pointer);
    write_echo(json, "detail", error.detail);
    json.end_object();
  }
  json.end_array();
  return payload + std::move(json).take();
}

}  // namespace

ErrorShape shape_of(ErrorCode code) {
  switch (code) {  // No default, so that the compiler points here when a code is added.
    using enum ErrorCode;
    case Malformed: return {"/problems/malformed", "The request is malformed", 400, false};
    case Unauthorized: return {"/problems/unauthorized", "A key is needed", 401, false};
    case NotFound: return {"/problems/not-found", "There is no such resource", 404, false};
    case MethodNotAllowed:
      return {"/problems/method-not-allowed", "The resource has no such method", 405, false};
    case Conflict: return {"/problems/conflict", "The state forbids it", 409, false};
    case Gone: return {"/problems/gone", "It is there no longer", 410, false};
    case TooLarge: return {"/problems/too-large", "The request is too large", 413, false};
    case UnsupportedMediaType:
      return {"/problems/unsupported-media-type", "The body's type is not supported", 415, false};
    case Unprocessable:
      return {"/problems/unprocessable", "The request is well-formed but wrong", 422, false};
    case TooManyRequests: return {"/problems/too-many-requests", "Too many requests", 429, true};
    case Timeout: return {"/problems/timeout", "The work took too long", 503, true};
    case Unavailable: return {"/problems/unavailable", "Not able to serve now", 503, true};
    case Internal: return {"/problems/internal", "An error of the server", 500, false};
  }
  std::abort();
}

absl::Status problem(ErrorCode code, std::string_view detail, std::vector<FieldError> errors) {
  absl::Status status(status_code(code), absl::string_view(detail.data(), detail.size()));
  status.SetPayload(kPayloadUrl, absl::Cord(encode_payload(code, errors)));
  return status;
}

absl::Status with_members(absl::Status problem, std::string_view json_object) {
  problem.SetPayload(kMembersUrl, absl::Cord({json_object.data(), json_object.size()}));
  return problem;
}

std::vector<FieldError> field_errors(const absl::Status& failed) {
  std::vector<FieldError> errors;
  const auto payload = failed.GetPayload(kPayloadUrl);
  if (!payload || payload->size() < 2) return errors;
  simdjson::dom::parser parser;
  simdjson::dom::array written;
  if (parser.parse(std::string(*payload).substr(1)).get(written) != simdjson::SUCCESS)
    return errors;
  for (const simdjson::dom::element error : written) {
    std::string_view pointer;
    std::string_view detail;
    if (error["pointer"].get(pointer) == simdjson::SUCCESS &&
        error["detail"].get(detail) == simdjson::SUCCESS) {
      errors.push_back({std::string(pointer), std::string(detail)});
    }
  }
  return errors;
}

Response to_response(const absl::Status& failed) {
  ErrorCode code = code_of(failed.code());
  std::string errors;
  if (const auto payload = failed.GetPayload(kPayloadUrl)) {
    const std::string flat(*payload);
    code = static_cast<ErrorCode>(flat.front());
    errors = flat.substr(1);
  }
  const ErrorShape shape = shape_of(code);
  JsonWriter json;
  json.begin_object();
  json.member("type", shape.type);
  json.member("title", shape.title);
  json.member("status", shape.http_status);
  // What only we can cause says nothing of our insides; the log has the rest.
  const std::string_view detail{failed.message().data(), failed.message().size()};
  write_echo(json, "detail", code == ErrorCode::Internal ? "See the server's log." : detail);
  if (!errors.empty()) json.raw_member("errors", errors);
  json.end_object();
  std::string body = std::move(json).take();
  if (const auto members = failed.GetPayload(kMembersUrl)) {
    body.back() = ',';  // In the place of the brace that ends the object.
    body += std::string(*members).substr(1);
  }
  Response response{shape.http_status, "application/problem+json", {}, std::move(body)};
  if (shape.retry) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace grapevine
