#include "api/routes/jobs.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/parse/key_page.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kJobPrefix = "erasure-";

std::string job_name(std::uint64_t erasure) {
  return std::string(kJobPrefix) + std::to_string(erasure);
}

// An erasure is a job named by the snapshot that first shows it: nothing else needs to be kept.
std::optional<std::uint64_t> erasure_of(std::string_view job) {
  if (!job.starts_with(kJobPrefix)) return std::nullopt;
  job.remove_prefix(kJobPrefix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(job.data(), job.data() + job.size(), number);
  if (error != std::errc() || end != job.data() + job.size()) return std::nullopt;
  return number;
}

void write_job(JsonWriter& json, std::uint64_t number, const ErasureRecord& erasure) {
  json.begin_object();
  json.member("job", job_name(number));
  json.member("state", erasure.purged ? "succeeded" : "running");
  json.member("progress", erasure.purged ? 1.0 : 0.0);
  if (erasure.purged) {
    json.key("result");
    json.begin_object();
    json.time_member("erased_at", erasure.when);
    json.end_object();
  }
  json.end_object();
}

Response describe(std::uint64_t number, const ErasureRecord& erasure) {
  JsonWriter json;
  write_job(json, number, erasure);
  Response response;
  response.body = std::move(json).take();
  return response;
}

absl::StatusOr<std::pair<std::uint64_t, ErasureRecord>> find_job(const Request& request,
                                                                 const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  const auto number = erasure_of(*find_field(request.path_parameters, "id"));
  const auto erasure = number ? context.store.erasure(*number) : std::nullopt;
  if (!erasure) return problem(ErrorCode::NotFound, "no such job");
  return std::pair(*number, *erasure);
}

}  // namespace

absl::StatusOr<Response> accept_erasure(std::uint64_t snapshot, const Context& context) {
  const auto erasure = context.store.erasure(snapshot);
  if (!erasure) return absl::InternalError("an erasure left no record");
  Response response = describe(snapshot, *erasure);
  response.status = 202;
  response.headers.emplace_back("Location", "/v1/jobs/" + job_name(snapshot));
  return response;
}

// GET /v1/jobs: in the order in which they began.
absl::StatusOr<Response> list_jobs(const Request& request, const Context& context) {
  constexpr char kList[] = "jobs";
  GRAPEVINE_ASSIGN_OR_RETURN(const KeyPage page, parse_key_page(request, kList));
  const auto jobs = context.store.erasures(erasure_of(page.after).value_or(0), page.limit + 1);
  const std::size_t shown = std::min(jobs.size(), page.limit);
  JsonWriter json;
  json.begin_object();
  json.key("jobs");
  json.begin_array();
  for (std::size_t i = 0; i < shown; ++i) write_job(json, jobs[i].first, jobs[i].second);
  json.end_array();
  if (shown < jobs.size()) {
    json.member("next_cursor", key_cursor(kList, job_name(jobs[shown - 1].first), page));
  }
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

// GET /v1/jobs/{id}
absl::StatusOr<Response> get_job(const Request& request, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto job, find_job(request, context));
  return describe(job.first, job.second);
}

// DELETE /v1/jobs/{id}
absl::StatusOr<Response> cancel_job(const Request& request, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto job, find_job(request, context));
  if (!job.second.purged) return problem(ErrorCode::Conflict, "an erasure cannot be cancelled");
  Response response;
  response.status = 204;
  return response;
}

}  // namespace grapevine
