#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/cli/commands.hpp"

namespace grapevine {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kNow = 1'795'305'600'000 - 1;  // A millisecond before 2026-11-22T00:00Z.

CommandLine parse(const std::vector<std::string>& arguments) {
  return parse_command_line(arguments, kNow);
}

TEST(CommandLine, ServeHasDefaults) {
  const CommandLine line = parse({"serve"});
  ASSERT_TRUE(line.command) << line.text;
  const auto& serve = std::get<ServeCommand>(*line.command);
  EXPECT_EQ(serve.listen.address, "127.0.0.1");
  EXPECT_EQ(serve.listen.port, 8080);
  EXPECT_EQ(serve.timezone, "UTC");
  EXPECT_FALSE(serve.salvage);
  EXPECT_FALSE(serve.demo);
  EXPECT_EQ(serve.threads, 0U);
}

TEST(CommandLine, ServeTakesItsOptions) {
  const CommandLine line = parse({"serve", "--listen", "[::1]:0", "--data", "d", "--salvage",
                                  "--demo", "--threads", "3", "--timezone", "Asia/Seoul"});
  ASSERT_TRUE(line.command) << line.text;
  const auto& serve = std::get<ServeCommand>(*line.command);
  EXPECT_EQ(serve.listen.address, "::1");
  EXPECT_EQ(serve.listen.port, 0);
  EXPECT_EQ(serve.data_folder, "d");
  EXPECT_TRUE(serve.salvage);
  EXPECT_TRUE(serve.demo);
  EXPECT_EQ(serve.threads, 3U);
  EXPECT_EQ(serve.timezone, "Asia/Seoul");
}

TEST(CommandLine, QueryTakesItsOptions) {
  const CommandLine line = parse({"query", "--server", "http://x:1", "--format", "CSV", "--param",
                                  "a=1=2", "--param", "b=", "--user", "ann", "SELECT 1"});
  ASSERT_TRUE(line.command) << line.text;
  const auto& query = std::get<QueryCommand>(*line.command);
  EXPECT_EQ(query.server, "http://x:1");
  EXPECT_EQ(query.format, "CSV");
  EXPECT_EQ(query.parameters, (std::vector<std::string>{"a=1=2", "b="}));
  EXPECT_EQ(query.user, "ann");
  EXPECT_EQ(query.query, "SELECT 1");
  EXPECT_EQ(std::get<QueryCommand>(*parse({"query"}).command).server, "http://127.0.0.1:8080");
  EXPECT_EQ(parse({"query", "--param", "=1", "SELECT 1"}).exit_code, 2);
  EXPECT_EQ(parse({"query", "--file", "a.sql", "SELECT 1"}).exit_code, 2);
}

TEST(CommandLine, ImportKnowsAFileByItsName) {
  const std::pair<const char*, const char*> cases[] = {
      {"a.csv", "csv"},  {"a.csv.gz", "csv"}, {"a.csv.zst", "csv"},   {"a.ndjson.gz", "ndjson"},
      {"csv", "ndjson"}, {"-", "ndjson"},     {"a.csv.bz2", "ndjson"}};
  for (const auto& [file, format] : cases) {
    const CommandLine line = parse({"import", "--server", "http://x", "--table", "events", file});
    ASSERT_TRUE(line.command) << line.text;
    EXPECT_EQ(std::get<ImportCommand>(*line.command).format, format) << file;
  }
  const CommandLine given =
      parse({"import", "--server", "http://x", "--table", "events", "--format", "ndjson", "a.csv"});
  EXPECT_EQ(std::get<ImportCommand>(*given.command).format, "ndjson");
}

TEST(CommandLine, ImportTakesNamesOfColumns) {
  const CommandLine line =
      parse({"import", "--server", "http://x", "--table", "customers", "--charset", "cp949",
             "--map", "Customer No=customer_id", "--map", "a=b=c", "sheet.csv"});
  ASSERT_TRUE(line.command) << line.text;
  const auto& import = std::get<ImportCommand>(*line.command);
  EXPECT_EQ(import.charset, "cp949");
  EXPECT_EQ(import.map, (std::vector<std::string>{"Customer No=customer_id", "a=b=c"}));
  EXPECT_EQ(import.file, "sheet.csv");
}

TEST(CommandLine, GenerateEndsAtTheComingMidnight) {
  const std::vector<std::string> begin = {"generate", "--customers", "10", "--events",
                                          "20",       "--out",       "-"};
  const CommandLine line = parse(begin);
  ASSERT_TRUE(line.command) << line.text;
  EXPECT_EQ(std::get<GenerateCommand>(*line.command).until_ms, kNow + 1);
  for (const char* until : {"2026-11-22", "2026-11-22T00:00:00Z", "2026-11-22T09:00:00+09:00"}) {
    std::vector<std::string> arguments = begin;
    arguments.insert(arguments.end(), {"--until", until});
    const CommandLine given = parse(arguments);
    ASSERT_TRUE(given.command) << given.text;
    EXPECT_EQ(std::get<GenerateCommand>(*given.command).until_ms, kNow + 1);
  }
}

TEST(CommandLine, SaysWhatIsWrong) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{}, "subcommand is required"},
      {{"fly"}, "subcommand is required"},
      {{"serve", "--fast"}, "--fast"},
      {{"serve", "extra"}, "extra"},
      {{"serve", "--listen", "8080"}, "must be HOST:PORT: 8080"},
      {{"serve", "--listen", "127.0.0.1:65536"}, "from 0 to 65535: 65536"},
      {{"serve", "--listen", "127.0.0.1:x"}, "from 0 to 65535: x"},
      {{"serve", "--listen", "::1:80"}, "in brackets"},
      {{"serve", "--listen", "no host:80"}, "no such host: no host"},
      {{"serve", "--listen", "0.0.0.0:80"}, "loopback only"},
      {{"serve", "--listen", "[::]:80"}, "loopback only"},
      {{"serve", "--timezone", "Mars/Olympus"}, "no such time zone"},
      {{"serve", "--threads", "0"}, "--threads"},
      {{"import", "--table", "events", "f"}, "--server is required"},
      {{"import", "--server", "http://x", "--table", "cats", "f"}, "cats"},
      {{"import", "--server", "http://x", "--table", "events"}, "FILE is required"},
      {{"import", "--server", "http://x", "--table", "events", "--map", "x", "f.csv"},
       "must be NAME=COLUMN: x"},
      {{"import", "--server", "http://x", "--table", "events", "--map", "x=y", "f"},
       "--map: is for CSV only"},
      {{"generate", "--customers", "-1", "--events", "1", "--out", "-"}, "--customers"},
      {{"generate", "--customers", "1", "--events", "1", "--out", "-", "--until", "soon"},
       "must be an ISO 8601 time"},
      {{"generate", "--customers", "1", "--events", "1", "--out", "a", "--truth-out", "a"},
       "two outputs have the same name: a"},
      {{"version", "--verbose"}, "--verbose"},
  };
  for (const auto& [arguments, expected] : cases) {
    const CommandLine line = parse(arguments);
    EXPECT_FALSE(line.command);
    EXPECT_EQ(line.exit_code, 2);
    EXPECT_THAT(line.text, HasSubstr(expected));
  }
}

TEST(CommandLine, EveryCommandHasHelp) {
  for (const char* command : {"serve", "import", "generate"}) {
    const CommandLine line = parse({command, "--help"});
    EXPECT_EQ(line.exit_code, 0);
    EXPECT_THAT(line.text, HasSubstr("Examples:\n  grapevine " + std::string(command)));
  }
  EXPECT_EQ(parse({"version", "--help"}).exit_code, 0);
  EXPECT_THAT(parse({"--help"}).text, HasSubstr("import"));
}

}  // namespace
}  // namespace grapevine
