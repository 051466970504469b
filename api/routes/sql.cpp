#include "api/routes/sql.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "api/clickhouse/exception.hpp"
#include "api/encode/formats/format_writer.hpp"
#include "api/encode/query_problem.hpp"
#include "api/encode/result_pieces.hpp"
#include "api/parse/sql_request.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kWholeBytesMax = 128u << 10;  // An answer up to it goes in one piece.
constexpr std::size_t kPieceBytes = 256u << 10;
constexpr std::chrono::milliseconds kPause{100};

// The format where the body names none: by what the client likes to read.
std::string accepted_format(const Request& request) {
  struct Accepted {
    std::string_view type;
    std::string_view format;
  };
  constexpr std::array<Accepted, 3> kFormats = {{
      {"application/vnd.apache.arrow.stream", "ArrowStream"},
      {"application/x-ndjson", "JSONEachRow"},
      {"text/csv", "CSVWithNames"},
  }};
  if (const std::string* accept = find_field(request.headers, "accept")) {
    for (const Accepted& accepted : kFormats) {
      if (accept->find(accepted.type) != std::string::npos) return std::string(accepted.format);
    }
  }
  return "JSON";
}

// What follows the first piece. A failure cuts the body off.
class SqlRest final : public BodySource {
 public:
  explicit SqlRest(ResultPieces pieces) : pieces_(std::move(pieces)) {}

  absl::StatusOr<Piece> next() override {
    if (absl::Status advanced = pieces_.advance(kPieceBytes, kPause); !advanced.ok()) {
      return query_problem(advanced);
    }
    return Piece{pieces_.take(), pieces_.done() ? Then::End : Then::GoOn};
  }
  bool ready() override { return true; }

 private:
  ResultPieces pieces_;
};

absl::StatusOr<Response> answer(sql::QueryRequest query, std::string format,
                                const Context& context) {
  const auto started = steady_clock::now();
  GRAPEVINE_ASSIGN_OR_RETURN(auto result, sql::begin_query(std::move(query), context));
  if (!result->format().empty() && result->has_columns()) format = result->format();
  GRAPEVINE_ASSIGN_OR_RETURN(const sql::FormatSettings settings,
                             sql::format_settings(result->facts(), result->settings()));
  if (!result->has_columns()) format = "Null";
  GRAPEVINE_ASSIGN_OR_RETURN(auto writer, sql::make_writer(format, result->columns(), settings));
  ResultPieces pieces(std::move(result), std::move(writer), started);
  if (absl::Status advanced = pieces.advance(kWholeBytesMax, kPause); !advanced.ok()) {
    return advanced;
  }
  Response response;
  response.content_type = sql::content_type_of(format);
  response.body = pieces.take();
  response.coding = Response::Coding::RestToo;
  if (!pieces.done()) response.rest = std::make_shared<SqlRest>(std::move(pieces));
  return response;
}

}  // namespace

absl::StatusOr<Response> run_sql(const Request& request, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(SqlRequest asked, parse_sql_request(request.body));
  sql::QueryRequest query;
  query.text = std::move(asked.query);
  query.parameters = std::move(asked.parameters);
  // Times look like those of the rest of this API.
  query.settings.emplace_back("date_time_output_format", "iso");
  std::string format = asked.format.empty() ? accepted_format(request) : std::move(asked.format);
  absl::StatusOr<Response> answered = answer(std::move(query), std::move(format), context);
  if (answered.ok()) return answered;
  return query_problem(as_timeout(answered.status(), context.stop));
}

}  // namespace grapevine
