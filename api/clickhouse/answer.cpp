#include "api/clickhouse/answer.hpp"

#include <optional>
#include <string>
#include <utility>

#include "api/clickhouse/exception.hpp"
#include "api/encode/formats/format_writer.hpp"
#include "api/encode/result_pieces.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kWholeBytesMax = 128u << 10;  // An answer up to it goes in one piece.
constexpr std::size_t kWaitedBytesMax = 16u << 20;  // The same with wait_end_of_query=1.
constexpr std::size_t kPieceBytes = 256u << 10;
constexpr std::chrono::milliseconds kPause{100};  // Rows that are there leave after so long.

// The headers of every answer, failures too.
Fields common_headers(std::string_view query_id, std::string_view timezone, std::string_view tag) {
  Fields headers;
  headers.reserve(10);
  headers.emplace_back("X-ClickHouse-Server-Display-Name", sql::SessionFacts{}.display_name);
  headers.emplace_back("X-ClickHouse-Query-Id", query_id);
  headers.emplace_back("X-ClickHouse-Timezone", timezone);
  headers.emplace_back("X-ClickHouse-Exception-Tag", tag);
  return headers;
}

void append_count(std::string& json, std::string_view name, std::uint64_t count) {
  json.append(json.size() == 1 ? "\"" : ",\"").append(name).append("\":\"");
  json.append(std::to_string(count)).append("\"");
}

// How far a query came, as JSON whose numbers are strings.
std::string summary_of(const sql::QueryProgress& progress, steady_clock::duration elapsed) {
  std::string json = "{";
  json.reserve(256);
  append_count(json, "read_rows", progress.read_rows);
  append_count(json, "read_bytes", progress.read_bytes);
  append_count(json, "written_rows", progress.written_rows);
  append_count(json, "written_bytes", progress.written_bytes);
  append_count(json, "total_rows_to_read", progress.total_rows_to_read);
  append_count(json, "result_rows", progress.result_rows);
  append_count(json, "result_bytes", progress.result_bytes);
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count();
  append_count(json, "elapsed_ns", static_cast<std::uint64_t>(nanoseconds));
  return json + "}";
}

Response::Coding coding_of(const HttpQuery& query) {
  if (query.compress_always) return Response::Coding::Always;
  return query.compress_as_accepted ? Response::Coding::RestToo : Response::Coding::Never;
}

// What follows the first piece.
class ResultRest final : public BodySource {
 public:
  ResultRest(ResultPieces pieces, std::string tag, const Stop& stop)
      : pieces_(std::move(pieces)), tag_(std::move(tag)), stop_(stop) {}

  absl::StatusOr<Piece> next() override {
    if (!failed_.ok()) return Piece{exception_frame(failed_, tag_), Then::End};
    const absl::Status advanced = pieces_->advance(kPieceBytes, kPause);
    Piece piece{pieces_->take(), Then::GoOn};
    if (!advanced.ok() || pieces_->done()) {
      piece.then = Then::End;
      pieces_.reset();  // Who has the whole answer may use the query's id again.
    }
    if (!advanced.ok()) {
      // @clickhouse/client wants the frame whole in what it reads at once, so it follows alone, a
      // moment after the rows before it.
      failed_ = as_timeout(advanced, stop_);
      piece.then = Then::Wait;
    }
    return piece;
  }
  bool ready() override { return true; }

 private:
  std::optional<ResultPieces> pieces_;
  std::string tag_;
  const Stop& stop_;
  absl::Status failed_;
};

// What changes something, and has no rows to tell.
absl::Status run_to_end(sql::QueryAnswer& answer) {
  while (true) {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto block, answer.next());
    if (!block) return absl::OkStatus();
  }
}

// Headers whose values are known once the query has run, as far as it has.
void add_outcome(Response& response, const sql::QueryAnswer& answer, const HttpQuery& query,
                 std::string_view format, steady_clock::duration elapsed) {
  std::string summary = summary_of(answer.progress(), elapsed);
  response.headers.emplace_back("X-ClickHouse-Format", format);
  if (query.progress_in_headers) {
    response.headers.emplace_back("X-ClickHouse-Progress", summary);
  }
  response.headers.emplace_back("X-ClickHouse-Summary", std::move(summary));
  response.content_type = sql::content_type_of(format);
  response.coding = coding_of(query);
}

absl::StatusOr<Response> answer_rows(std::unique_ptr<sql::QueryAnswer> answer,
                                     const HttpQuery& query, steady_clock::time_point started,
                                     const Context& context) {
  const std::string format = answer->format().empty() ? query.format : answer->format();
  GRAPEVINE_ASSIGN_OR_RETURN(const sql::FormatSettings settings,
                             sql::format_settings(answer->facts(), answer->settings()));
  GRAPEVINE_ASSIGN_OR_RETURN(auto writer, sql::make_writer(format, answer->columns(), settings));
  std::string tag = make_exception_tag();
  Response response;
  response.headers = common_headers(answer->query_id(), answer->facts().timezone, tag);

  ResultPieces pieces(std::move(answer), std::move(writer), started);
  absl::Status advanced = query.wait_for_end
                              ? pieces.advance(kWaitedBytesMax, steady_clock::duration::max() / 2)
                              : pieces.advance(kWholeBytesMax, kPause);
  if (!advanced.ok()) return advanced;
  add_outcome(response, pieces.answer(), query, format, pieces.elapsed());
  response.body = pieces.take();
  if (!pieces.done()) {
    response.rest = std::make_shared<ResultRest>(std::move(pieces), std::move(tag), context.stop);
  }
  return response;
}

absl::StatusOr<Response> answer_change(sql::QueryAnswer& answer, const HttpQuery& query,
                                       steady_clock::time_point started) {
  if (absl::Status done = run_to_end(answer); !done.ok()) return done;
  Response response;
  response.headers =
      common_headers(answer.query_id(), answer.facts().timezone, make_exception_tag());
  add_outcome(response, answer, query, "TabSeparated", steady_clock::now() - started);
  response.coding = Response::Coding::Never;  // There is nothing to compress.
  return response;
}

}  // namespace

Response answer_result(std::unique_ptr<sql::QueryAnswer> answer, const HttpQuery& query,
                       steady_clock::time_point started, const Context& context) {
  absl::StatusOr<Response> answered = answer->has_columns()
                                          ? answer_rows(std::move(answer), query, started, context)
                                          : answer_change(*answer, query, started);
  if (answered.ok()) return *std::move(answered);
  return answer_exception(as_timeout(answered.status(), context.stop), query.query.query_id,
                          context);
}

Response answer_exception(const absl::Status& failed, std::string_view query_id,
                          const Context& context) {
  Response response;
  response.status = http_status_of(failed);
  response.content_type = "text/plain; charset=UTF-8";
  response.headers = common_headers(query_id, context.timezone, make_exception_tag());
  response.headers.emplace_back("X-ClickHouse-Exception-Code",
                                std::to_string(static_cast<int>(sql::query_error_code(failed))));
  response.body = exception_text(failed);
  response.coding = Response::Coding::Never;
  return response;
}

}  // namespace grapevine
