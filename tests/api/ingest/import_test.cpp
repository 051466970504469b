// POST /v1/import as a client sees it: what is stored, what is rejected, where it resumes.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/collect/limits.hpp"
#include "api/ingest/chunk_splitter.hpp"
#include "api/routes/collect.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const Fields kEvents{{"table", "events"}, {"import_id", "i1"}};
const Fields kEventsCsv{{"table", "events"}, {"import_id", "i1"}, {"format", "csv"}};

Fields with_offset(Fields query, std::size_t offset) {
  query.emplace_back("offset", std::to_string(offset));
  return query;
}

std::string line(const std::string& user, const std::string& more = "") {
  return R"({"type":"track","event":"E","userId":")" + user +
         R"(","timestamp":"2020-01-01T00:00:00Z")" + more + "}\n";
}

std::string answer(std::size_t accepted, std::size_t rejected, std::size_t resume_at,
                   const std::string& errors = "", std::size_t duplicates = 0) {
  return "200 {\"accepted\":" + std::to_string(accepted) +
         ",\"rejected\":" + std::to_string(rejected) +
         ",\"duplicates\":" + std::to_string(duplicates) +
         ",\"resume_at\":" + std::to_string(resume_at) + R"(,"import_id":"i1","errors":[)" +
         errors + "]}";
}

std::vector<std::string> users(const Collecting& collecting) {
  std::vector<std::string> ids;
  for (TextRow& row : collecting.events()) ids.push_back(row["customer_id"]);
  return ids;
}

// Several chunks of lines; a bad one, a blank one and one of another type among them.
std::string long_input() {
  std::string input;
  const std::string padding = R"(,"properties":{"note":")" + std::string(900, 'x') + "\"}";
  for (std::size_t i = 0; input.size() < 3 * ChunkSplitter::kChunkBytes; ++i) {
    input += line("u" + std::to_string(i), padding);
    if (i == 1000) input += "{\"type\": oops}\n\n";
    if (i == 1500)
      input += R"({"type":"identify","userId":"u7","traits":{"age":1}})"
               "\n";
  }
  return input;
}

TEST(Import, StoresEveryCallOfAnyType) {
  Collecting collecting;
  const std::string input =
      line("u1", R"(,"messageId":"m1","sentAt":"2026-01-01T00:00:00Z")") +
      R"({"type":"page","userId":"u2","name":"Home","timestamp":1577836800000})"
      "\n"
      R"({"type":"identify","userId":"u1","traits":{"age":31}})"
      "\r\n";
  EXPECT_EQ(collecting.import(input, kEvents), answer(3, 0, input.size()));
  // History is not corrected by sentAt: 2020-01-01T00:00:00Z stays.
  EXPECT_THAT(collecting.events(), ElementsAre(TextRow{{"event", "E"},
                                                       {"customer_id", "u1"},
                                                       {"event_id", "m1"},
                                                       {"ts", "1577836800000"}},
                                               TextRow{{"event", "Page Viewed"},
                                                       {"customer_id", "u2"},
                                                       {"properties.name", "Home"},
                                                       {"ts", "1577836800000"}}));
  EXPECT_EQ(collecting.customers()["u1"]["age"], "31");
}

TEST(Import, RejectsBadLinesByNumber) {
  Collecting collecting;
  const std::string input = line("u1") + "\n  \r\nnonsense\n" + line("u2") + "[]\n" +
                            line("u3", R"(,"x":"\u0000")") + "\"\xff\"\n" +
                            R"({"type":"track","event":"E","userId":"u4","timestamp":"2027-01-01"})"
                            "\n" +
                            line("u5");
  EXPECT_EQ(
      collecting.import(input, kEvents),
      answer(
          3, 5, input.size(),
          R"x({"line":4,"detail":"not JSON: Problem while parsing an atom starting with )x"
          R"x(the letter 'n' (byte 1)"},)x"
          R"({"line":6,"detail":"the event is not an object"},)"
          R"({"line":7,"detail":"a text holds the character U+0000: x"},)"
          R"x({"line":8,"detail":"not JSON: The input is not valid UTF-8 (byte 1)"},)x"
          R"({"line":9,"detail":"timestamp is more than 24 hours ahead of the server's clock"})"));
  EXPECT_THAT(users(collecting), ElementsAre("u1", "u2", "u5"));
}

TEST(Import, TakesALastLineWithoutABreakAndABomInFront) {
  Collecting collecting;
  std::string input = "\xEF\xBB\xBF" + line("u1") + line("u2");
  input.pop_back();
  EXPECT_EQ(collecting.import(input, kEvents), answer(2, 0, input.size()));
  EXPECT_EQ(collecting.import("", {{"table", "events"}, {"import_id", "other"}}),
            R"(200 {"accepted":0,"rejected":0,"duplicates":0,"resume_at":0,"import_id":"other",)"
            R"("errors":[]})");
}

TEST(Import, TellsOfAHundredErrorsAndCountsTheOthers) {
  Collecting collecting;
  std::string input;
  for (int i = 0; i < 250; ++i) input += "x\n";
  const std::string answered = collecting.import(input, kEvents);
  EXPECT_THAT(answered, HasSubstr("\"rejected\":250,"));
  EXPECT_THAT(answered, HasSubstr("\"line\":100,"));
  EXPECT_THAT(answered, testing::Not(HasSubstr("\"line\":101,")));
}

TEST(Import, PiecesOfAnySizeGiveTheSameRows) {
  const std::string ndjson =
      line("u1") + "x\n" + line("유2", R"(,"properties":{"a":"\n"})") + "\n" + line("u3");
  const std::string csv =
      "event,customer_id,text,n\r\nE,u1,\"a \"\"quoted\"\" b\",1\r\n\r\nE,u2,\"two\nlines, one "
      "field\",\nE,u3\nE,\"u4\",,\"\"\n";
  for (const auto& [input, query] : {std::pair{ndjson, kEvents}, std::pair{csv, kEventsCsv}}) {
    Collecting whole;
    const std::string expected = whole.import(input, query);
    for (std::size_t bytes = 1; bytes <= input.size(); ++bytes) {
      Collecting pieces;
      ASSERT_EQ(pieces.import(input, query, bytes), expected) << bytes;
      ASSERT_EQ(pieces.events(), whole.events()) << bytes;
    }
  }
}

TEST(Import, ManyChunksKeepTheirOrderAndLines) {
  const std::string input = long_input();
  Collecting whole;
  const std::string expected = whole.import(input, kEvents);
  EXPECT_THAT(expected, HasSubstr("\"rejected\":1,"));
  EXPECT_THAT(expected, HasSubstr("\"line\":1002,"));
  const auto rows = whole.events();
  ASSERT_GT(rows.size(), 5000u);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].at("customer_id"), "u" + std::to_string(i));
  }
  for (const std::size_t bytes : {1000u, 65'536u, 300'000u, 5'000'000u}) {
    Collecting pieces;
    EXPECT_EQ(pieces.import(input, kEvents, bytes), expected) << bytes;
    EXPECT_EQ(pieces.events(), rows) << bytes;
  }
}

TEST(Import, ResumesWhereAnEarlierTryWasCutOff) {
  const std::string input = long_input();
  Collecting whole;
  whole.import(input, kEvents);
  const auto rows = whole.events();
  for (const std::size_t cut : {std::size_t{1}, input.size() / 3, input.size() / 2 + 11,
                                input.size() * 9 / 10, input.size() - 1}) {
    Collecting collecting;
    EXPECT_EQ(collecting.import_cut_off(input.substr(0, cut), kEvents, 100'000), "cut off");
    const std::uint64_t committed = collecting.store().import_offset("i1").value_or(0);
    ASSERT_LE(committed, cut);
    if (committed > 0) {
      ASSERT_EQ(input[committed - 1], '\n') << "not at a whole line";
    }
    EXPECT_LT(collecting.events().size(), rows.size());
    // All of it again, or from some byte that is committed, or not at all: the same rows.
    const std::size_t offset = cut % 2 == 0 ? 0 : committed / 2;
    const std::string resumed =
        collecting.import(input.substr(offset), with_offset(kEvents, offset), 77'777);
    EXPECT_THAT(resumed, HasSubstr("\"resume_at\":" + std::to_string(input.size())));
    EXPECT_EQ(collecting.events(), rows) << cut;
    EXPECT_EQ(collecting.import(input, kEvents), answer(0, 0, input.size()));
    EXPECT_EQ(collecting.events().size(), rows.size()) << cut;
  }
}

// Every place where one import may end: rows before it are stored, and the rest of the input
// resumes there.
TEST(Import, ResumesAfterEveryLine) {
  const std::string input = line("u1") + "x\n" + line("u2") + "\n" + line("u3");
  for (std::size_t end = 0; end <= input.size(); ++end) {
    if (end > 0 && input[end - 1] != '\n') continue;
    Collecting collecting;
    EXPECT_THAT(collecting.import(input.substr(0, end), kEvents),
                HasSubstr("\"resume_at\":" + std::to_string(end)));
    EXPECT_THAT(collecting.import(input.substr(end), with_offset(kEvents, end)),
                HasSubstr("\"resume_at\":" + std::to_string(input.size())));
    EXPECT_THAT(users(collecting), ElementsAre("u1", "u2", "u3"));
  }
}

TEST(Import, LinesCountFromTheBodysBegin) {
  const std::string input = line("u1") + line("u2") + "x\n";
  Collecting collecting;
  collecting.import(line("u1"), kEvents);
  EXPECT_THAT(collecting.import(input, kEvents), HasSubstr("{\"line\":3,"));
  Collecting other;
  other.import(line("u1"), kEvents);
  EXPECT_THAT(
      other.import(input.substr(line("u1").size()), with_offset(kEvents, line("u1").size())),
      HasSubstr("{\"line\":2,"));
}

TEST(Import, RefusesAnOffsetBeyondWhatIsCommitted) {
  Collecting collecting;
  EXPECT_EQ(collecting.import(line("u1"), with_offset(kEvents, 1)),
            "409 offset is beyond what is committed of this import: 0");
  collecting.import(line("u1"), kEvents);
  EXPECT_EQ(collecting.import("", with_offset(kEvents, 1000)),
            "409 offset is beyond what is committed of this import: " +
                std::to_string(line("u1").size()));
  EXPECT_THAT(collecting.import("x\n", kEvents), StartsWith("409 the input ends at byte 2, but"));
}

TEST(Import, MessageIdsCountWithinTheImport) {
  Collecting collecting;
  const std::string twice = line("u1", R"(,"messageId":"m1")") + line("u2", R"(,"messageId":"m1")");
  EXPECT_EQ(collecting.import(twice, kEvents), answer(2, 0, twice.size(), "", 1));
  EXPECT_THAT(collecting.import(twice, {{"table", "events"}, {"import_id", "i2"}}),
              HasSubstr("\"accepted\":2"));
  EXPECT_THAT(users(collecting), ElementsAre("u1", "u1"));
}

TEST(Import, AnEmptyBodyAsksHowFarItCame) {
  Collecting collecting;
  const std::string input = line("u1") + line("u2");
  EXPECT_EQ(collecting.import(input, kEvents), answer(2, 0, input.size()));
  EXPECT_EQ(collecting.import("", kEvents), answer(0, 0, input.size()));
}

TEST(Import, SkipsALineThatIsTooLongAndGoesOn) {
  const std::string at_most =
      line("u1", R"(,"properties":{"x":")" + std::string(400'000, 'x') + "\"}");
  const std::string too_long = std::string(kImportLineBytesMax + 1, 'x') + "\n";
  const std::string far_too_long = std::string(5 * kImportLineBytesMax, ' ') + "\n";
  const std::string input = at_most + too_long + line("u2") + far_too_long + line("u3") + too_long;
  const std::string errors = R"({"line":2,"detail":"more than 1048576 bytes"},)"
                             R"({"line":4,"detail":"more than 1048576 bytes"},)"
                             R"({"line":6,"detail":"more than 1048576 bytes"})";
  for (const std::size_t bytes : {0u, 1000u, 70'000u, 1'048'576u}) {
    Collecting collecting;
    const std::string expected = answer(3, 3, input.size(), errors);
    EXPECT_EQ(collecting.import(input, kEvents, bytes), expected) << bytes;
    EXPECT_THAT(users(collecting), ElementsAre("u1", "u2", "u3"));
  }
}

TEST(Import, NamesAWrongParameter) {
  Collecting collecting;
  const auto import = [&](Fields query) { return collecting.import("", std::move(query)); };
  EXPECT_EQ(import({}), "422 ?table is not there");
  EXPECT_EQ(import({{"table", "orders"}}), "422 ?table is neither events nor customers");
  EXPECT_EQ(import({{"table", "events"}, {"format", "xml"}}),
            "422 ?format is neither ndjson nor csv");
  EXPECT_EQ(import({{"table", "events"}, {"offset", "-1"}}),
            "422 ?offset is not a number of bytes");
  EXPECT_EQ(import({{"table", "events"}, {"import-id", "x"}}),
            "422 ?import-id is not a parameter of an import");
  EXPECT_THAT(import({{"table", "events"}, {"import_id", "a b"}}), StartsWith("422 ?import_id"));
  EXPECT_THAT(import({{"table", "events"}, {"charset", "latin1"}}), StartsWith("422 ?charset"));
  EXPECT_THAT(import({{"table", "events"}, {"columns", "a"}}), StartsWith("422 ?columns"));
  EXPECT_THAT(import({{"table", "events"}}), HasSubstr("\"import_id\":\"import-"));
}

TEST(Import, AnImportRunsOnceAtATime) {
  Collecting collecting;
  Request request;
  request.query = kEvents;
  const Stop stop;
  alignas(64) static char nothing[64];
  const Context context{collecting.store(),
                        reinterpret_cast<GraphView&>(nothing),
                        reinterpret_cast<ResultCache&>(nothing),
                        stop,
                        kReceived,
                        "UTC"};
  auto running = import_history(request, context);
  ASSERT_TRUE(running.ok());
  EXPECT_EQ(collecting.import("", kEvents), "409 an import with this import_id is under way");
  running->reset();
  EXPECT_EQ(collecting.import("", kEvents), answer(0, 0, 0));
}

TEST(Import, StopsWhenNobodyWaits) {
  Collecting collecting;
  Request request;
  request.query = kEvents;
  Stop stop;
  alignas(64) static char nothing[64];
  const Context context{collecting.store(),
                        reinterpret_cast<GraphView&>(nothing),
                        reinterpret_cast<ResultCache&>(nothing),
                        stop,
                        kReceived,
                        "UTC"};
  auto running = import_history(request, context);
  ASSERT_TRUE(running.ok());
  stop.request();
  EXPECT_FALSE((*running)->consume(line("u1")).ok());
}

TEST(Import, ALimitOfTheStoreRejectsTheLineThatPassesIt) {
  StoreOptions options;
  options.event_columns_max = 17;
  Collecting collecting(options);
  const std::string input = line("u1", R"(,"properties":{"a":1})") + "x\n" +
                            line("u2", R"(,"properties":{"b":1})") + line("u3");
  const std::string answered = collecting.import(input, kEvents);
  EXPECT_THAT(answered, StartsWith("200 {\"accepted\":2,\"rejected\":2,"));
  EXPECT_THAT(answered, HasSubstr("{\"line\":3,\"detail\":\"a new property"));
  EXPECT_THAT(users(collecting), ElementsAre("u1", "u3"));
}

}  // namespace
}  // namespace grapevine
