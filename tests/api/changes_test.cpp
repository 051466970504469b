// What a reader of a segment's changes is told.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/execute/change_page.hpp"
#include "api/live/change_events.hpp"
#include "tests/api/asked.hpp"
#include "tests/api/told_segment.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using testing::BatchOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::ToldSegment;

// "+c1" entered, "-c1" left.
std::vector<std::string> told(const ChangePage& page) {
  std::vector<std::string> texts;
  for (const ToldChange& change : page.changes) {
    texts.push_back((change.entered ? "+" : "-") + change.customer_id);
  }
  return texts;
}

class Changes : public ::testing::Test {
 protected:
  ChangePage read(const ChangeCursor& from, std::size_t limit = 100) {
    const auto snapshot = asked_.store().snapshot();
    return read_changes(*snapshot, *find_stream(*snapshot, reader_), reader_, from, limit).value();
  }
  ChangePage read_all() {
    return read(beginning_of(*find_stream(*asked_.store().snapshot(), reader_)));
  }
  void restrict_person(int person, bool restricted) {
    BatchOf batch;
    batch.traits(++now_, ToldSegment::name(person)).with("processing_restricted", restricted);
    asked_.append(batch);
  }

  AskedStore asked_{{}, {.membership_changes_max = 4096}};
  ChangeReader reader_{"vip", {}};
  TimeMs now_ = 10;
};

TEST_F(Changes, BeginWithEveryoneWhoWasIn) {
  ToldSegment vip(asked_.store(), 5, {0, 2});
  vip.enter(1);
  vip.leave(2);
  EXPECT_THAT(told(read_all()), ElementsAre("+c0", "+c2", "+c1", "-c2"));
  EXPECT_FALSE(read_all().more);
}

TEST_F(Changes, PagesOfEverySizeTellTheSame) {
  ToldSegment vip(asked_.store(), 9, {0, 2, 4, 6, 8});
  for (const int person : {1, 3, 5}) vip.enter(person);
  for (const int person : {8, 0, 1}) vip.leave(person);
  const std::vector<std::string> all = told(read_all());
  EXPECT_EQ(all.size(), 11u);
  for (std::size_t limit = 1; limit <= 12; ++limit) {
    std::vector<std::string> paged;
    ChangePage page;
    page.next = beginning_of(vip.stream());
    do {
      page = read(page.next, limit);
      EXPECT_LE(page.changes.size(), limit);
      for (const std::string& change : told(page)) paged.push_back(change);
    } while (page.more);
    EXPECT_EQ(paged, all) << limit;
  }
}

TEST_F(Changes, EachSaysWhereAReaderGoesOn) {
  ToldSegment vip(asked_.store(), 4, {0, 1});
  vip.enter(2);
  vip.leave(0);
  const ChangePage all = read_all();
  for (std::size_t i = 0; i < all.changes.size(); ++i) {
    const std::vector<std::string> rest = told(read(all.changes[i].next));
    EXPECT_EQ(rest.size(), all.changes.size() - i - 1) << i;
  }
}

TEST_F(Changes, OfTheErasedAreNotTold) {
  ToldSegment vip(asked_.store(), 3, {0, 1});
  vip.enter(2);
  ASSERT_TRUE(asked_.store().erase("c1", 100).ok());
  const ChangePage page = read_all();
  EXPECT_THAT(told(page), ElementsAre("+c0", "+c2"));
  EXPECT_EQ(page.withheld, WithheldCounts{});
}

TEST_F(Changes, WhoWasErasedAndLeftIsCounted) {
  ToldSegment vip(asked_.store(), 4, {0, 1});
  vip.enter(2);
  const ChangeCursor before = read_all().next;
  ASSERT_TRUE(asked_.store().erase("c1", 100).ok());
  vip.leave_identity(1);
  vip.leave(2);
  const ChangePage page = read(before);
  EXPECT_THAT(told(page), ElementsAre("-c2"));
  EXPECT_EQ(page.erased, 1u);
  EXPECT_EQ(read(page.next).erased, 0u);
}

TEST_F(Changes, OfThoseHeldOutAreCountedButNeverTold) {
  ToldSegment vip(asked_.store(), 200, {});
  for (int i = 0; i < 50; ++i) vip.enter(i);
  for (int i = 0; i < 50; ++i) vip.leave(i);
  reader_.rules = {"", 0.5, "spring"};
  const ChangePage page = read_all();
  EXPECT_EQ(page.changes.size() + page.withheld.holdout, 100u);
  EXPECT_EQ(page.withheld.holdout % 2, 0u) << "who entered unseen leaves unseen";
  EXPECT_GT(page.withheld.holdout, 20u);
  for (const ToldChange& change : page.changes) {
    EXPECT_FALSE(is_held_out("spring", change.customer_id, 0.5));
  }
}

TEST_F(Changes, WhoMayNotBeToldOfAnyMoreIsPassedOverButTheirLeavingIsTold) {
  ToldSegment vip(asked_.store(), 3, {0});
  vip.enter(1);
  vip.enter(2);
  restrict_person(1, true);
  vip.leave(1);
  const ChangePage page = read_all();
  EXPECT_THAT(told(page), ElementsAre("+c0", "+c2", "-c1"));
  EXPECT_EQ(page.withheld, WithheldCounts{.restricted = 1});
}

TEST_F(Changes, APageEndsBeforeWhoIsAboutToLeave) {
  ToldSegment vip(asked_.store(), 3, {0});
  vip.enter(1);
  vip.enter(2);
  restrict_person(1, true);  // The stream does not say yet that they left.
  const ChangePage held = read_all();
  EXPECT_THAT(told(held), ElementsAre("+c0"));
  EXPECT_TRUE(held.more);
  EXPECT_THAT(told(read(held.next)), IsEmpty());
  restrict_person(1, false);  // They never left: no reader misses that they entered.
  EXPECT_THAT(told(read(held.next)), ElementsAre("+c1", "+c2"));
}

TEST_F(Changes, WhatIsFoldedIsGoneForThoseBehind) {
  ToldSegment vip(asked_.store(), 3, {0});
  const ChangeCursor beginning = beginning_of(vip.stream());
  for (int i = 0; i < 3000; ++i) {
    vip.enter(1);
    vip.leave(1);
  }
  ASSERT_GT(vip.stream().first, 0u);
  const absl::Status behind = check_cursor(beginning, vip.stream());
  EXPECT_EQ(to_response(behind).status, 410);
  EXPECT_THAT(std::string(behind.message()), HasSubstr("begin anew"));
  const ChangePage anew = read(beginning_of(vip.stream()), 2);
  EXPECT_THAT(told(anew), ElementsAre("+c0", "+c1"));
}

TEST_F(Changes, ACursorOfAnEarlierSegmentOfThatNameIsGone) {
  ChangeCursor cursor;
  {
    ToldSegment vip(asked_.store(), 2, {0});
    cursor = read_all().next;
  }
  ASSERT_TRUE(asked_.store().put_document(kSegmentDocuments, "vip", "").ok());
  ToldSegment again(asked_.store(), 2, {0});
  EXPECT_EQ(to_response(check_cursor(cursor, again.stream())).status, 410);
}

TEST_F(Changes, ACursorIsOfOneReader) {
  const ChangeCursor cursor{17, 4200, 5};
  const std::string text = write_change_cursor(cursor, reader_);
  EXPECT_THAT(text, StartsWith("17.4200.5-"));
  EXPECT_EQ(read_change_cursor(text, reader_), cursor);
  EXPECT_EQ(read_change_cursor(text, {"others", {}}), std::nullopt);
  EXPECT_EQ(read_change_cursor(text, {"vip", {"email", {}, {}}}), std::nullopt);
  EXPECT_EQ(read_change_cursor(text, {"vip", {"", 0.5, ""}}), std::nullopt);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_EQ(read_change_cursor(changed, reader_), std::nullopt) << changed;
    EXPECT_EQ(read_change_cursor(text.substr(0, i), reader_), std::nullopt);
  }
}

TEST_F(Changes, AreListedInEveryFormat) {
  ToldSegment vip(asked_.store(), 3, {0});
  vip.leave(0);
  const std::string path = "/v1/segments/vip/changes";
  const Response json = asked_.ask("GET", path, "", {{"limit", "1"}});
  EXPECT_EQ(json.status, 200);
  EXPECT_THAT(json.body, HasSubstr(R"("changes":[{"customer_id":"c0","change":"entered",)"
                                   R"("ts":"2001-09-09T01:46:40.000Z"}])"));
  EXPECT_THAT(json.body, HasSubstr(R"("more":true)"));
  const Response csv = asked_.ask("GET", path, "", {{"format", "csv"}});
  EXPECT_EQ(csv.body,
            "customer_id,change,ts\r\nc0,entered,2001-09-09T01:46:40.000Z\r\n"
            "c0,left,2001-09-09T01:46:40.001Z\r\n");
  const std::string* next = find_field(csv.headers, "X-Grapevine-Next-Cursor");
  ASSERT_NE(next, nullptr);
  const Response rest = asked_.ask("GET", path, "", {{"format", "ndjson"}, {"cursor", *next}});
  EXPECT_EQ(rest.body, "");
  EXPECT_EQ(*find_field(rest.headers, "X-Grapevine-Next-Cursor"), *next);
  EXPECT_EQ(*find_field(rest.headers, "X-Grapevine-More"), "false");
}

class ChangeEventsTest : public Changes {
 protected:
  ChangeEvents follow(std::chrono::milliseconds heartbeat = ChangeEvents::kHeartbeat) {
    const auto stream = find_stream(*asked_.store().snapshot(), reader_);
    return {asked_.store(), reader_, beginning_of(*stream), heartbeat};
  }
};

TEST_F(ChangeEventsTest, SayWhatHappensWhenItDoes) {
  ToldSegment vip(asked_.store(), 3, {0});
  ChangeEvents events = follow();
  EXPECT_TRUE(events.ready());
  auto piece = events.next().value();
  EXPECT_EQ(piece.then, BodySource::Then::Wait);
  EXPECT_THAT(piece.bytes, StartsWith("event: entered\nid: "));
  EXPECT_THAT(piece.bytes, HasSubstr("\ndata: {\"customer_id\":\"c0\",\"change\":\"entered\","));
  EXPECT_FALSE(events.ready());
  vip.leave(0);
  EXPECT_TRUE(events.ready());
  piece = events.next().value();
  EXPECT_THAT(piece.bytes, StartsWith("event: left\n"));
  EXPECT_FALSE(events.ready());
}

TEST_F(ChangeEventsTest, SayThatTheyAreThere) {
  ToldSegment vip(asked_.store(), 3, {});
  ChangeEvents events = follow(std::chrono::milliseconds(0));
  EXPECT_TRUE(events.ready());
  EXPECT_EQ(events.next().value().bytes, ": still here\n\n");
}

TEST_F(ChangeEventsTest, EndWhereTheSegmentDoes) {
  ToldSegment vip(asked_.store(), 3, {});
  ChangeEvents events = follow();
  EXPECT_FALSE(events.ready());
  ASSERT_TRUE(asked_.store().put_document(kSegmentDocuments, "vip", "").ok());
  EXPECT_TRUE(events.ready());
  const auto piece = events.next().value();
  EXPECT_THAT(piece.bytes, StartsWith("event: ended\ndata: {"));
  EXPECT_EQ(piece.then, BodySource::Then::End);
}

TEST_F(ChangeEventsTest, GoOnBehindTheLastEventId) {
  ToldSegment vip(asked_.store(), 3, {0});
  vip.enter(1);
  const std::string id = write_change_cursor(read_all().changes.front().next, reader_);
  const Fields headers = {{"accept", "text/event-stream"}, {"last-event-id", id}};
  const Response answer = asked_.ask("GET", "/v1/segments/vip/changes", "", {}, headers);
  EXPECT_EQ(answer.content_type, "text/event-stream");
  ASSERT_NE(answer.rest, nullptr);
  const std::string said = answer.rest->next().value().bytes;
  EXPECT_THAT(said, HasSubstr("c1"));
  EXPECT_THAT(said, ::testing::Not(HasSubstr("c0")));
  const Fields wrong = {{"accept", "text/event-stream"}, {"last-event-id", "17.1-nonsense"}};
  EXPECT_EQ(asked_.ask("GET", "/v1/segments/vip/changes", "", {}, wrong).status, 410);
}

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kMidnight = 1'000'080'000'000;  // 2001-09-10T00:00:00Z.

TEST_F(Changes, HistoryCountsByTheHourAndByTheDay) {
  ToldSegment vip(asked_.store(), 9, {0, 1});
  vip.enter(2, kMidnight - 1);
  vip.enter(3, kMidnight);
  vip.leave(0, kMidnight + kHour);
  vip.leave(1, kMidnight + kHour + 1);
  vip.enter(0, kMidnight + 25 * kHour);
  asked_.set_now(kMidnight + 26 * kHour);
  const std::string path = "/v1/segments/vip/history";
  EXPECT_THAT(asked_.ask("GET", path).body,
              HasSubstr(R"("history":[{"from":"2001-09-09T00:00:00.000Z",)"
                        R"("to":"2001-09-10T00:00:00.000Z","size":3,"entered":1,"left":0},)"
                        R"({"from":"2001-09-10T00:00:00.000Z","to":"2001-09-11T00:00:00.000Z",)"
                        R"("size":2,"entered":1,"left":2},{"from":"2001-09-11T00:00:00.000Z",)"
                        R"("to":"2001-09-12T00:00:00.000Z","size":3,"entered":1,"left":0}])"));
  EXPECT_THAT(
      asked_
          .ask("GET", path, "",
               {{"every", "1h"}, {"from", "2001-09-10T01:00:00Z"}, {"to", "2001-09-10T02:00:00Z"}})
          .body,
      HasSubstr(R"("history":[{"from":"2001-09-10T01:00:00.000Z",)"
                R"("to":"2001-09-10T02:00:00.000Z","size":2,"entered":0,"left":2}])"));
  // In Seoul the day begins nine hours earlier; before it was filled nobody knows its size.
  EXPECT_THAT(asked_
                  .ask("GET", path, "",
                       {{"timezone", "Asia/Seoul"}, {"from", "2001-09-08"}, {"to", "2001-09-10"}})
                  .body,
              HasSubstr(R"("history":[{"from":"2001-09-07T15:00:00.000Z",)"
                        R"("to":"2001-09-08T15:00:00.000Z","size":null,"entered":0,"left":0},)"
                        R"({"from":"2001-09-08T15:00:00.000Z","to":"2001-09-09T15:00:00.000Z",)"
                        R"("size":2,"entered":0,"left":0}])"));
}

TEST_F(Changes, HistoryRefusesWhatFitsNoCalendar) {
  ToldSegment vip(asked_.store(), 2, {0});
  const auto status = [&](const Fields& query) {
    return asked_.ask("GET", "/v1/segments/vip/history", "", query).status;
  };
  EXPECT_EQ(status({{"every", "10m"}}), 422);
  EXPECT_EQ(status({{"every", "7h"}}), 422);
  EXPECT_EQ(status({{"every", "36h"}}), 422);
  EXPECT_EQ(status({{"every", "today"}}), 422);
  EXPECT_EQ(status({{"timezone", "Asia/Soul"}}), 422);
  EXPECT_EQ(status({{"from", "2002-01-01"}, {"to", "2001-01-01"}}), 422);
  EXPECT_EQ(status({{"every", "15m"}, {"from", "1990-01-01"}}), 422) << "too many buckets";
  EXPECT_EQ(status({{"every", "1w"}}), 200);
}

TEST_F(Changes, HistoryIsTheSameWhenItIsFolded) {
  ToldSegment vip(asked_.store(), 3, {0});
  for (int i = 0; i < 3000; ++i) {
    vip.enter(1, ToldSegment::kBegan + i * 60'000);
    vip.leave(1, ToldSegment::kBegan + i * 60'000 + 30'000);
  }
  ASSERT_GT(vip.stream().first, 0u);
  asked_.set_now(ToldSegment::kBegan + 3000 * 60'000);
  std::size_t entered = 0;
  const std::string body =
      asked_.ask("GET", "/v1/segments/vip/history", "", {{"every", "15m"}}).body;
  for (std::size_t at = 0; (at = body.find("\"entered\":", at)) != std::string::npos;) {
    at += 10;
    entered += std::stoul(body.substr(at));
  }
  EXPECT_EQ(entered, 3000u);
}

}  // namespace
}  // namespace grapevine
