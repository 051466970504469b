#include "api/routes/jobs.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/live/job_board.hpp"
#include "api/parse/key_page.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kErasurePrefix = "erasure-";
constexpr std::string_view kWorkPrefix = "work-";

std::string erasure_name(std::uint64_t erasure) {
  return std::string(kErasurePrefix) + std::to_string(erasure);
}
std::string work_name(std::uint64_t number) {
  return std::string(kWorkPrefix) + std::to_string(number);
}

// The number of a job of a kind. An erasure is named by the snapshot that first shows it.
std::optional<std::uint64_t> number_of(std::string_view job, std::string_view prefix) {
  if (!job.starts_with(prefix)) return std::nullopt;
  job.remove_prefix(prefix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(job.data(), job.data() + job.size(), number);
  if (error != std::errc() || end != job.data() + job.size()) return std::nullopt;
  return number;
}

std::string_view name_of(JobBoard::State state) {
  switch (state) {
    case JobBoard::State::Queued: return "queued";
    case JobBoard::State::Running: return "running";
    case JobBoard::State::Succeeded: return "succeeded";
    case JobBoard::State::Failed: return "failed";
    case JobBoard::State::Cancelled: return "cancelled";
  }
  return {};
}

void write_job(JsonWriter& json, std::uint64_t number, const ErasureRecord& erasure) {
  json.begin_object();
  json.member("job", erasure_name(number));
  json.member("operation", "eraseCustomer");
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

// `whole`: with what came of it.
void write_job(JsonWriter& json, const JobBoard::Job& job, bool whole) {
  json.begin_object();
  json.member("job", work_name(job.number));
  json.member("operation", job.operation);
  json.member("state", name_of(job.state));
  json.member("progress", job.progress);
  if (whole && job.state == JobBoard::State::Succeeded) json.raw_member("result", job.answer);
  if (whole && job.state == JobBoard::State::Failed) json.raw_member("problem", job.answer);
  json.end_object();
}

Response as_response(JsonWriter json) {
  Response response;
  response.body = std::move(json).take();
  return response;
}

Response describe(std::uint64_t number, const ErasureRecord& erasure) {
  JsonWriter json;
  write_job(json, number, erasure);
  return as_response(std::move(json));
}

Response accepted(Response response, const std::string& name) {
  response.status = 202;
  response.headers.emplace_back("Location", "/v1/jobs/" + name);
  return response;
}

absl::Status no_such_job() { return problem(ErrorCode::NotFound, "no such job"); }

absl::Status refuse_parameters(const Request& request) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  return mistakes.status();
}

std::optional<ErasureRecord> find_erasure(const std::string& id, const Context& context) {
  const auto number = number_of(id, kErasurePrefix);
  return number ? context.store.erasure(*number) : std::nullopt;
}

}  // namespace

bool prefers_async(const Request& request) {
  const std::string* prefer = find_field(request.headers, "prefer");
  const std::string* accept = find_field(request.headers, "accept");
  const std::string* format = find_field(request.query, "format");
  const bool wants_json = format != nullptr
                              ? *format == "json"
                              : accept == nullptr || accept->find("json") != std::string::npos ||
                                    accept->find("*/*") != std::string::npos;
  return prefer != nullptr && wants_json && prefer->find("respond-async") != std::string::npos;
}

absl::StatusOr<Response> accept_job(Handler handle, const Request& request,
                                    const Context& context) {
  Request kept = request;
  GRAPEVINE_ASSIGN_OR_RETURN(const Route* route, find_route(kept));
  const auto work = [handle, kept, &store = context.store, &graph = context.graph,
                     &results = context.results, now = context.now_ms, timezone = context.timezone,
                     keeper = context.keeper, webhooks = context.webhooks,
                     topics = context.topics](const Stop& stop) {
    Context later{store, graph, results, stop, now, timezone, keeper, webhooks};
    later.topics = topics;
    return handle(kept, later);
  };
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t number,
                             context.jobs->add(std::string(route->operation_id), work));
  const auto job = context.jobs->find(number);
  if (!job) return absl::InternalError("a job left no record");
  JsonWriter json;
  write_job(json, *job, false);
  Response response = accepted(as_response(std::move(json)), work_name(number));
  if (prefers_async(request)) {
    response.headers.emplace_back("Preference-Applied", "respond-async");
  }
  return response;
}

absl::StatusOr<Response> accept_erasure(std::uint64_t snapshot, const Context& context) {
  const auto erasure = context.store.erasure(snapshot);
  if (!erasure) return absl::InternalError("an erasure left no record");
  return accepted(describe(snapshot, *erasure), erasure_name(snapshot));
}

// GET /v1/jobs: erasures in the order in which they began, then other work.
absl::StatusOr<Response> list_jobs(const Request& request, const Context& context) {
  constexpr char kList[] = "jobs";
  GRAPEVINE_ASSIGN_OR_RETURN(const KeyPage page, parse_key_page(request, kList));
  JsonWriter json;
  json.begin_object();
  json.key("jobs");
  json.begin_array();
  std::size_t shown = 0;
  std::string last;
  bool more = false;
  const auto after_work = number_of(page.after, kWorkPrefix);
  if (!after_work) {
    const auto erasures =
        context.store.erasures(number_of(page.after, kErasurePrefix).value_or(0), page.limit + 1);
    for (; shown < std::min(erasures.size(), page.limit); ++shown) {
      write_job(json, erasures[shown].first, erasures[shown].second);
      last = erasure_name(erasures[shown].first);
    }
    more = shown < erasures.size();
  }
  if (!more && context.jobs != nullptr) {
    const auto jobs = context.jobs->list(after_work.value_or(0), page.limit - shown + 1);
    more = jobs.size() > page.limit - shown;
    for (const JobBoard::Job& job : jobs) {
      if (shown++ == page.limit) break;
      write_job(json, job, false);
      last = work_name(job.number);
    }
  }
  json.end_array();
  if (more) json.member("next_cursor", key_cursor(kList, last, page));
  json.end_object();
  return as_response(std::move(json));
}

// GET /v1/jobs/{id}
absl::StatusOr<Response> get_job(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  const std::string& id = *find_field(request.path_parameters, "id");
  if (const auto erasure = find_erasure(id, context)) {
    return describe(*number_of(id, kErasurePrefix), *erasure);
  }
  const auto number = number_of(id, kWorkPrefix);
  const auto job = number && context.jobs != nullptr ? context.jobs->find(*number) : std::nullopt;
  if (!job) return no_such_job();
  JsonWriter json;
  write_job(json, *job, true);
  return as_response(std::move(json));
}

// DELETE /v1/jobs/{id}: cancels it, or forgets one that has ended.
absl::StatusOr<Response> cancel_job(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  const std::string& id = *find_field(request.path_parameters, "id");
  if (const auto erasure = find_erasure(id, context)) {
    if (!erasure->purged) return problem(ErrorCode::Conflict, "an erasure cannot be cancelled");
    return Response{204, "", {}, ""};
  }
  const auto number = number_of(id, kWorkPrefix);
  if (!number || context.jobs == nullptr || !context.jobs->cancel(*number)) return no_such_job();
  return Response{204, "", {}, ""};
}

}  // namespace grapevine
