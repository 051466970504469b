#include "api/clickhouse/http_query.hpp"

#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/query/query_error.hpp"

namespace grapevine {
namespace {

using sql::QueryErrorCode;
using testing::ElementsAre;
using testing::MatchesRegex;
using testing::Pair;

absl::StatusOr<HttpQuery> read(const std::string& method, Fields query, Fields headers = {},
                               std::string body = {}) {
  Request request{method, "/", {}, std::move(query), std::move(headers), std::move(body), {}};
  return read_http_query(request);
}

int code_of(const absl::StatusOr<HttpQuery>& read) {
  return read.ok() ? 0 : static_cast<int>(sql::query_error_code(read.status()));
}

TEST(HttpQuery, TheBodyFollowsTheParameterAfterALineBreak) {
  EXPECT_EQ(read("GET", {{"query", "SELECT 1"}})->query.text, "SELECT 1");
  EXPECT_EQ(read("POST", {}, {}, "SELECT 1")->query.text, "SELECT 1");
  EXPECT_EQ(read("POST", {{"query", "INSERT INTO events FORMAT CSV"}}, {}, "1,2\n")->query.text,
            "INSERT INTO events FORMAT CSV\n1,2\n");
}

TEST(HttpQuery, GetIsReadOnly) {
  EXPECT_TRUE(read("GET", {{"query", "SELECT 1"}})->query.read_only);
  EXPECT_TRUE(read("HEAD", {{"query", "SELECT 1"}})->query.read_only);
  EXPECT_FALSE(read("POST", {{"query", "SELECT 1"}})->query.read_only);
}

TEST(HttpQuery, ParametersAreTheEnginesOrSettings) {
  const auto query = *read("POST", {{"database", "d"},
                                    {"param_a", "5"},
                                    {"param_b", "it\\'s"},
                                    {"session_timezone", "Asia/Seoul"},
                                    {"max_threads", "3"},
                                    {"wait_end_of_query", "1"},
                                    {"send_progress_in_http_headers", "1"},
                                    {"enable_http_compression", "true"},
                                    {"compress", "1"},
                                    {"decompress", "0"},
                                    {"session_id", "s"},
                                    {"session_timeout", "30"},
                                    {"session_check", "1"},
                                    {"quota_key", "q"},
                                    {"default_format", "JSON"},
                                    {"query_id", "q1"}});
  EXPECT_EQ(query.query.database, "d");
  EXPECT_THAT(query.query.parameters, ElementsAre(Pair("a", "5"), Pair("b", "it\\'s")));
  EXPECT_THAT(query.query.settings,
              ElementsAre(Pair("session_timezone", "Asia/Seoul"), Pair("max_threads", "3")));
  EXPECT_TRUE(query.wait_for_end);
  EXPECT_TRUE(query.progress_in_headers);
  EXPECT_TRUE(query.compress_as_accepted);
  EXPECT_TRUE(query.compress_always);
  EXPECT_EQ(query.session_id, "s");
  EXPECT_EQ(query.session_timeout_s, 30u);
  EXPECT_TRUE(query.session_must_exist);
  EXPECT_EQ(query.format, "JSON");
  EXPECT_EQ(query.query.query_id, "q1");
  EXPECT_EQ(query.query.user, "default");
}

TEST(HttpQuery, HeadersSayTheSame) {
  const auto query = *read("POST", {{"default_format", "JSON"}},
                           {{"x-clickhouse-format", "Native"},
                            {"x-clickhouse-database", "d"},
                            {"x-clickhouse-query-id", "q1"},
                            {"x-clickhouse-user", "ann"},
                            {"x-clickhouse-key", "secret"}});
  EXPECT_EQ(query.format, "Native") << "the header wins over default_format";
  EXPECT_EQ(query.query.database, "d");
  EXPECT_EQ(query.query.query_id, "q1");
  EXPECT_EQ(query.query.user, "ann");
}

TEST(HttpQuery, WhatIsNotSaidHasDefaults) {
  const auto query = *read("POST", {});
  EXPECT_EQ(query.format, "TabSeparated");
  EXPECT_EQ(query.query.database, "default");
  EXPECT_THAT(query.query.query_id,
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_NE(read("POST", {})->query.query_id, query.query.query_id);
}

TEST(HttpQuery, OneWayToSayWhoAsks) {
  const std::pair<std::string, std::string> basic = {"authorization", "Basic YW5uOnNlY3JldA=="};
  EXPECT_EQ(read("GET", {}, {basic})->query.user, "ann");
  EXPECT_EQ(read("GET", {}, {{"authorization", "basic ZGVmYXVsdDo="}})->query.user, "default");
  EXPECT_EQ(read("GET", {}, {{"authorization", "Bearer x"}})->query.user, "default");
  EXPECT_EQ(read("GET", {{"user", "bob"}, {"password", "x"}})->query.user, "bob");
  EXPECT_EQ(code_of(read("GET", {{"user", "bob"}}, {basic})), 516);
  EXPECT_EQ(code_of(read("GET", {}, {basic, {"x-clickhouse-key", "x"}})), 516);
  EXPECT_EQ(code_of(read("GET", {{"password", "x"}}, {{"x-clickhouse-user", "x"}})), 516);
  EXPECT_EQ(code_of(read("GET", {}, {{"authorization", "Digest x"}})), 516);
  EXPECT_EQ(code_of(read("GET", {}, {{"authorization", "Basic ***"}})), 516);
}

TEST(HttpQuery, WhatCannotBeIsRefused) {
  EXPECT_EQ(code_of(read("POST", {{"decompress", "1"}})), 48);
  EXPECT_EQ(code_of(read("POST", {{"query_id", std::string(513, 'x')}})), 36);
  EXPECT_EQ(code_of(read("POST", {{"session_id", std::string(257, 'x')}})), 36);
  EXPECT_EQ(code_of(read("POST", {{"session_timeout", "3601"}})), 36);
  EXPECT_EQ(code_of(read("POST", {{"session_timeout", "-1"}})), 36);
}

// As @clickhouse/client sends it with use_multipart_params.
constexpr char kForm[] =
    "--x-1\r\n"
    "Content-Disposition: form-data; name=\"query\"\r\n"
    "\r\n"
    "SELECT {v:String}\r\n"
    "--x-1\r\n"
    "Content-Disposition: form-data; name=\"param_v\"\r\n"
    "Content-Type: text/plain\r\n"
    "\r\n"
    "a\r\nb--x-\r\n"
    "--x-1--\r\n";

TEST(HttpQuery, AFormHoldsQueryAndParameters) {
  const Fields type = {{"content-type", "multipart/form-data; boundary=x-1"}};
  const auto query = read("POST", {{"query_id", "q1"}}, type, kForm);
  ASSERT_TRUE(query.ok()) << query.status();
  EXPECT_EQ(query->query.text, "SELECT {v:String}");
  EXPECT_THAT(query->query.parameters, ElementsAre(Pair("v", "a\r\nb--x-")));
}

TEST(HttpQuery, AFormThatIsNoneIsRefused) {
  const Fields type = {{"content-type", "Multipart/Form-Data; boundary=\"x-1\""}};
  const std::string form = kForm;
  EXPECT_TRUE(read("POST", {}, type, form).ok());
  for (std::size_t size = 0; size < form.size() - 4; ++size) {
    EXPECT_EQ(code_of(read("POST", {}, type, form.substr(0, size))), 36) << size;
  }
  EXPECT_EQ(code_of(read("POST", {}, {{"content-type", "multipart/form-data"}}, form)), 36);
  EXPECT_EQ(code_of(read("POST", {}, type,
                         "--x-1\r\nContent-Disposition: form-data; name=\"t\"; "
                         "filename=\"t.csv\"\r\n\r\n1\r\n--x-1--\r\n")),
            48);
}

}  // namespace
}  // namespace grapevine
