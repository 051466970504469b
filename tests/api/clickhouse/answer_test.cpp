#include "api/clickhouse/answer.hpp"

#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/clickhouse/exception.hpp"
#include "kernels/query/query_error.hpp"
#include "tests/api/sql/fake_answer.hpp"

namespace grapevine {
namespace {

using sql::FakeAnswer;
using sql::query_error;
using sql::QueryErrorCode;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

// What answers look at of a Context; the store is none of it.
alignas(64) char nothing[64];

class Answers : public testing::Test {
 protected:
  Response answer(FakeAnswer::Options options) {
    return answer_result(std::make_unique<FakeAnswer>(std::move(options)), query_,
                         std::chrono::steady_clock::now(), context_);
  }
  static std::string header(const Response& response, std::string_view name) {
    const std::string* value = find_field(response.headers, name);
    return value == nullptr ? "(none)" : *value;
  }
  // Everything that is sent.
  static std::string whole(Response& response) {
    std::string body = response.body;
    while (response.rest) {
      const auto piece = response.rest->next().value();
      body += piece.bytes;
      if (piece.then == BodySource::Then::End) break;
    }
    return body;
  }
  static std::string numbers(std::uint64_t count) {
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i) text += std::to_string(i) + "\n";
    return text;
  }

  HttpQuery query_{.format = "TabSeparated"};
  Stop stop_;
  Context context_{.store = reinterpret_cast<Store&>(nothing),
                   .graph = reinterpret_cast<GraphView&>(nothing),
                   .results = reinterpret_cast<ResultCache&>(nothing),
                   .stop = stop_,
                   .timezone = "Asia/Seoul"};
};

TEST_F(Answers, OfAFewRowsAreInOnePieceAndCarryTheHeaders) {
  bool destroyed = false;
  const Response response = answer({.rows = 2, .destroyed = &destroyed});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "0\n1\n");
  EXPECT_EQ(response.rest, nullptr);
  EXPECT_TRUE(destroyed) << "it is no longer listed among those that run";
  EXPECT_THAT(response.content_type, StartsWith("text/tab-separated-values"));
  EXPECT_EQ(header(response, "X-ClickHouse-Query-Id"), "the-id");
  EXPECT_EQ(header(response, "X-ClickHouse-Format"), "TabSeparated");
  EXPECT_EQ(header(response, "X-ClickHouse-Timezone"), "UTC");
  EXPECT_EQ(header(response, "X-ClickHouse-Server-Display-Name"), "grapevine");
  EXPECT_THAT(header(response, "X-ClickHouse-Exception-Tag"), MatchesRegex("[0-9a-f]{16}"));
  EXPECT_THAT(header(response, "X-ClickHouse-Summary"),
              MatchesRegex(R"(\{"read_rows":"2","read_bytes":"0","written_rows":"0",)"
                           R"("written_bytes":"0","total_rows_to_read":"0","result_rows":"0",)"
                           R"("result_bytes":"0","elapsed_ns":"[0-9]+"\})"));
  EXPECT_EQ(header(response, "X-ClickHouse-Progress"), "(none)");
}

TEST_F(Answers, ProgressIsInTheHeadersWhereAskedFor) {
  query_.progress_in_headers = true;
  EXPECT_THAT(header(answer({.rows = 2}), "X-ClickHouse-Progress"), HasSubstr("read_rows"));
}

TEST_F(Answers, OfManyRowsLeaveBeforeTheLastIsKnown) {
  std::uint64_t taken = 0;
  Response response = answer({.rows = 1'000'000, .taken = &taken});
  ASSERT_NE(response.rest, nullptr);
  EXPECT_LT(taken, 50'000u);
  std::uint64_t taken_before = taken;
  const auto piece = response.rest->next().value();
  EXPECT_LT(taken - taken_before, 100'000u) << "pieces are bounded";
  std::string body = response.body + piece.bytes;
  response.body.clear();
  body += whole(response);
  EXPECT_EQ(body, numbers(1'000'000));
}

TEST_F(Answers, AreNoLongerListedOnceTheirLastPieceIsThere) {
  for (const absl::Status& fails : {absl::OkStatus(), absl::CancelledError("x")}) {
    bool destroyed = false;
    Response response = answer({.rows = 200'000, .fails = fails, .destroyed = &destroyed});
    BodySource::Piece piece = *response.rest->next();
    for (; piece.then == BodySource::Then::GoOn; piece = *response.rest->next()) {
      EXPECT_FALSE(destroyed);
    }
    EXPECT_TRUE(destroyed);
    if (fails.ok()) continue;
    // What is wrong follows by itself: who reads it with rows in front may read half of it.
    EXPECT_EQ(piece.then, BodySource::Then::Wait);
    EXPECT_TRUE(response.rest->ready());
    piece = *response.rest->next();
    EXPECT_EQ(piece.then, BodySource::Then::End);
    EXPECT_THAT(piece.bytes, StartsWith("\r\n__exception__\r\n"));
  }
}

TEST_F(Answers, WaitForTheEndWhereAskedTo) {
  query_.wait_for_end = true;
  EXPECT_EQ(answer({.rows = 100'000}).rest, nullptr);
  EXPECT_EQ(
      answer({.rows = 100'000, .fails = query_error(QueryErrorCode::TooManyRows, "x")}).status,
      500);
  EXPECT_NE(answer({.rows = 4'000'000}).rest, nullptr) << "but not with all memory";
}

TEST_F(Answers, FailuresBeforeTheFirstByteAreExceptions) {
  query_.query.query_id = "mine";
  const Response response =
      answer({.rows = 10, .fails = query_error(QueryErrorCode::UnknownTable, "no table nope")});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body,
            "Code: 60. DB::Exception: no table nope. (UNKNOWN_TABLE) (version 25.8.1.1)\n");
  EXPECT_EQ(header(response, "X-ClickHouse-Exception-Code"), "60");
  EXPECT_EQ(header(response, "X-ClickHouse-Query-Id"), "mine");
  EXPECT_EQ(header(response, "X-ClickHouse-Timezone"), "Asia/Seoul");
  EXPECT_THAT(response.content_type, StartsWith("text/plain"));
}

TEST_F(Answers, FailuresAfterItEndWithAFrame) {
  Response response =
      answer({.rows = 200'000, .fails = query_error(QueryErrorCode::IllegalDivision, "by zero")});
  EXPECT_EQ(response.status, 200);
  const std::string tag = header(response, "X-ClickHouse-Exception-Tag");
  const std::string message =
      "Code: 153. DB::Exception: by zero. (ILLEGAL_DIVISION) (version 25.8.1.1)\n";
  EXPECT_EQ(whole(response), numbers(200'000) + "\r\n__exception__\r\n" + tag + "\r\n" + message +
                                 std::to_string(message.size()) + " " + tag +
                                 "\r\n__exception__\r\n");
}

TEST_F(Answers, StoppedByTheServerIsATimeout) {
  stop_.request();
  const Response stopped = answer({.fails = absl::CancelledError("stopped")});
  EXPECT_EQ(stopped.status, 408);
  EXPECT_THAT(stopped.body, HasSubstr("(TIMEOUT_EXCEEDED)"));
}

TEST_F(Answers, KilledIsNoTimeout) {
  const Response killed =
      answer({.fails = query_error(QueryErrorCode::QueryWasCancelled, "Query was cancelled")});
  EXPECT_THAT(killed.body, HasSubstr("Code: 394."));
}

TEST_F(Answers, TheTextsFormatWinsOverTheRequests) {
  EXPECT_EQ(header(answer({.format = "JSONEachRow"}), "X-ClickHouse-Format"), "JSONEachRow");
  EXPECT_EQ(answer({.format = "Foo"}).status, 404);
}

TEST_F(Answers, OfStatementsWithoutRowsAreEmpty) {
  const Response response = answer({.rows = 0, .has_columns = false, .format = "CSV"});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(header(response, "X-ClickHouse-Format"), "TabSeparated");
  EXPECT_EQ(
      answer({.fails = query_error(QueryErrorCode::ReadOnly, "x"), .has_columns = false}).status,
      500);
}

TEST(Exceptions, HaveTheStatusThatClientsRetryBy) {
  const std::pair<QueryErrorCode, int> cases[] = {
      {QueryErrorCode::SyntaxError, 400},        {QueryErrorCode::BadArguments, 400},
      {QueryErrorCode::CannotParseText, 400},    {QueryErrorCode::UnknownTable, 404},
      {QueryErrorCode::UnknownIdentifier, 404},  {QueryErrorCode::UnknownFunction, 404},
      {QueryErrorCode::UnknownDatabase, 404},    {QueryErrorCode::UnknownSetting, 404},
      {QueryErrorCode::UnknownUser, 403},        {QueryErrorCode::WrongPassword, 403},
      {QueryErrorCode::AccessDenied, 403},       {QueryErrorCode::AuthenticationFailed, 403},
      {QueryErrorCode::NotImplemented, 501},     {QueryErrorCode::TimeoutExceeded, 408},
      {QueryErrorCode::MemoryLimitExceeded, 500}};
  for (const auto& [code, status] : cases) {
    EXPECT_EQ(http_status_of(query_error(code, "x")), status) << name_of(code);
  }
}

TEST(Exceptions, AreShortenedSoThatAFrameComesInOnePiece) {
  const absl::Status failed = query_error(QueryErrorCode::SyntaxError, std::string(1 << 20, 'x'));
  EXPECT_LT(exception_frame(failed, "0123456789abcdef").size(), 20'000u);
}

}  // namespace
}  // namespace grapevine
