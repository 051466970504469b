#include "api/routes/clickhouse.hpp"

#include <chrono>
#include <new>
#include <string>
#include <thread>
#include <utility>

#include "api/clickhouse/answer.hpp"
#include "api/clickhouse/exception.hpp"
#include "api/clickhouse/http_query.hpp"
#include "api/clickhouse/query_sessions.hpp"
#include "api/routes/welcome_html.hpp"
#include "api/sql/running_queries.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kReplaceWait{5};  // As long as ClickHouse waits.
constexpr std::chrono::milliseconds kReplaceStep{10};

// A browser that was pointed at the server.
bool wants_page(const Request& request) {
  const std::string* accepted = find_field(request.headers, "accept");
  return accepted != nullptr && accepted->find("text/html") != std::string::npos;
}

Response welcome() {
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.headers = {{"Vary", "Accept"}};
  response.body = welcome_html();
  return response;
}

absl::StatusOr<std::unique_ptr<sql::QueryAnswer>> begin(const HttpQuery& query,
                                                        const Context& context) {
  auto answer = sql::begin_query(query.query, context);
  if (answer.ok() || !query.replace_running) return answer;
  const auto is_running = [&] {
    return !answer.ok() && sql::query_error_code(answer.status()) ==
                               sql::QueryErrorCode::QueryWithSameIdIsAlreadyRunning;
  };
  if (is_running() && context.queries != nullptr) context.queries->kill(query.query.query_id);
  const Clock::time_point until = Clock::now() + kReplaceWait;
  while (is_running() && Clock::now() < until && !context.stop.requested()) {
    std::this_thread::sleep_for(kReplaceStep);
    answer = sql::begin_query(query.query, context);
  }
  return answer;
}

Response run(HttpQuery& query, Clock::time_point started, const Context& context) {
  const auto failed = [&](const absl::Status& status) {
    return answer_exception(as_timeout(status, context.stop), query.query.query_id, context);
  };
  if (context.query_sessions != nullptr) {
    const absl::Status joined = context.query_sessions->join(query, context.now_ms);
    if (!joined.ok()) return failed(joined);
  }
  auto answer = begin(query, context);
  if (!answer.ok()) return failed(answer.status());
  Response response = answer_result(*std::move(answer), query, started, context);
  if (context.query_sessions != nullptr && response.status == 200) {
    const absl::Status noted = context.query_sessions->note(query, context.now_ms);
    if (!noted.ok()) return failed(noted);
  }
  return response;
}

}  // namespace

absl::StatusOr<Response> ping_clickhouse(const Request&, const Context&) {
  Response response;
  response.content_type = "text/plain; charset=UTF-8";
  response.body = "Ok.\n";
  return response;
}

absl::StatusOr<Response> answer_clickhouse(const Request& request, const Context& context) {
  const Clock::time_point started = Clock::now();
  const bool asks = request.method == "POST" || find_field(request.query, "query") != nullptr;
  if (!asks && wants_page(request)) return welcome();
  if (!asks) return ping_clickhouse(request, context);

  std::string query_id;
  try {
    absl::StatusOr<HttpQuery> query = read_http_query(request);
    if (!query.ok()) return answer_exception(query.status(), query_id, context);
    query_id = query->query.query_id;
    return run(*query, started, context);
  } catch (const std::bad_alloc&) {
    return answer_exception(sql::query_error(sql::QueryErrorCode::MemoryLimitExceeded,
                                             "There is no memory for the query"),
                            query_id, context);
  }
}

}  // namespace grapevine
