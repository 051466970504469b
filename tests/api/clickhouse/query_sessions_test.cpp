#include "api/clickhouse/query_sessions.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/query/query_error.hpp"

namespace grapevine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

HttpQuery asked(std::string session, std::string text = "SELECT 1") {
  HttpQuery query;
  query.session_id = std::move(session);
  query.query.text = std::move(text);
  return query;
}

// A statement that succeeds.
void say(QuerySessions& sessions, const std::string& session, const std::string& text,
         std::int64_t now_ms) {
  HttpQuery query = asked(session, text);
  ASSERT_TRUE(sessions.join(query, now_ms).ok());
  ASSERT_TRUE(sessions.note(query, now_ms).ok());
}

TEST(QuerySessions, RememberWhatSetAndUseSaid) {
  QuerySessions sessions;
  say(sessions, "a", "SET max_result_rows = '5'", 0);
  say(sessions, "a", "USE system", 0);
  HttpQuery query = asked("a");
  query.query.settings = {{"join_use_nulls", "1"}};
  ASSERT_TRUE(sessions.join(query, 1000).ok());
  EXPECT_EQ(query.query.database, "system");
  EXPECT_THAT(query.query.settings,
              ElementsAre(Pair("join_use_nulls", "1"), Pair("max_result_rows", "5")));
}

TEST(QuerySessions, TheRequestWins) {
  QuerySessions sessions;
  say(sessions, "a", "SET max_result_rows = '5'", 0);
  say(sessions, "a", "USE system", 0);
  HttpQuery query = asked("a");
  query.query.settings = {{"max_result_rows", "7"}};
  query.database_said = true;
  ASSERT_TRUE(sessions.join(query, 0).ok());
  EXPECT_THAT(query.query.settings, ElementsAre(Pair("max_result_rows", "7")));
  EXPECT_EQ(query.query.database, "default");
}

TEST(QuerySessions, AreApartFromEachOther) {
  QuerySessions sessions;
  say(sessions, "a", "SET max_result_rows = '5'", 0);
  HttpQuery other = asked("b");
  ASSERT_TRUE(sessions.join(other, 0).ok());
  EXPECT_THAT(other.query.settings, IsEmpty());
  HttpQuery another_user = asked("a");
  another_user.query.user = "ann";
  ASSERT_TRUE(sessions.join(another_user, 0).ok());
  EXPECT_THAT(another_user.query.settings, IsEmpty());
  HttpQuery without = asked("");
  ASSERT_TRUE(sessions.join(without, 0).ok());
  EXPECT_EQ(sessions.size(), 3u);
}

TEST(QuerySessions, EndAfterTheirTimeout) {
  QuerySessions sessions;
  say(sessions, "a", "SET max_result_rows = '5'", 0);
  HttpQuery query = asked("a");
  query.session_must_exist = true;
  EXPECT_TRUE(sessions.join(query, 59'000).ok());
  HttpQuery late = asked("a");
  late.session_must_exist = true;
  EXPECT_EQ(sql::query_error_code(sessions.join(late, 120'000)),
            sql::QueryErrorCode::SessionNotFound);
}

TEST(QuerySessions, TheLongestSilentIsForgottenFirst) {
  QuerySessions sessions({.sessions_max = 2});
  say(sessions, "a", "SET max_result_rows = '5'", 0);
  say(sessions, "b", "SELECT 1", 0);
  say(sessions, "a", "SELECT 1", 0);
  say(sessions, "c", "SELECT 1", 0);
  EXPECT_EQ(sessions.size(), 2u);
  HttpQuery query = asked("a");
  ASSERT_TRUE(sessions.join(query, 0).ok());
  EXPECT_THAT(query.query.settings, ElementsAre(Pair("max_result_rows", "5")));
}

TEST(QuerySessions, HoldSoManySettings) {
  QuerySessions sessions({.settings_max = 1, .bytes_max = 100});
  say(sessions, "a", "SET max_result_rows = '5'", 0);
  say(sessions, "a", "SET max_result_rows = '6'", 0);
  for (const std::string& text : {std::string("SET join_use_nulls = '1'"),
                                  "SET max_result_rows = '" + std::string(200, '1') + "'"}) {
    HttpQuery more = asked("a", text);
    EXPECT_EQ(sql::query_error_code(sessions.note(more, 0)), sql::QueryErrorCode::BadArguments);
  }
}

}  // namespace
}  // namespace grapevine
