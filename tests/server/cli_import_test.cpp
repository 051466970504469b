#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "server/cli/byte_source.hpp"
#include "server/cli/http_client.hpp"
#include "server/cli/import.hpp"
#include "server/cli/import_answer.hpp"
#include "server/http/compressor.hpp"
#include "tests/server/test_server.hpp"

namespace grapevine {
namespace {

using testing::HasSubstr;

// What the importing operation below has been sent, and where it breaks off.
struct Received {
  std::mutex mutex;
  std::string stored;
  std::vector<std::string> queries;
  std::size_t refuse_at = SIZE_MAX;  ///< Bytes after which one request is refused.
};
Received* received = nullptr;

class StoringReader final : public BodyReader {
 public:
  explicit StoringReader(std::size_t offset) : offset_(offset) {}

  absl::Status consume(std::span<const char> piece) override {
    const std::lock_guard lock(received->mutex);
    if (received->stored.size() != offset_) {
      return problem(ErrorCode::Unprocessable, "the offset is not where the import stands");
    }
    const std::size_t room = received->refuse_at - std::min(received->refuse_at, offset_);
    received->stored.append(piece.data(), std::min(room, piece.size()));
    offset_ = received->stored.size();
    if (room >= piece.size()) return absl::OkStatus();
    received->refuse_at = SIZE_MAX;
    return problem(ErrorCode::Unavailable, "not now");
  }
  absl::StatusOr<Response> finish() override {
    const std::lock_guard lock(received->mutex);
    return Response{200,
                    "application/json",
                    {},
                    R"({"accepted":1,"rejected":0,"duplicates":0,"resume_at":)" +
                        std::to_string(received->stored.size()) + R"(,"errors":[]})"};
  }

 private:
  std::size_t offset_;
};

absl::StatusOr<std::unique_ptr<BodyReader>> store(const Request& request, const Context&) {
  const std::lock_guard lock(received->mutex);
  std::string query;
  for (const auto& [name, value] : request.query) query += name + "=" + value + " ";
  received->queries.push_back(query);
  const std::string* offset = find_field(request.query, "offset");
  return std::make_unique<StoringReader>(offset == nullptr ? 0 : std::stoul(*offset));
}

constexpr Route kImportRoute{"POST", "/v1/import", "import", WorkKind::Collect, nullptr, store};

absl::StatusOr<const Route*> find_import(Request& request) {
  if (request.path != kImportRoute.path) return problem(ErrorCode::NotFound, "no such path");
  return &kImportRoute;
}

class ImportClient : public TestServer {
 protected:
  ImportClient() {
    received = &received_;
    ServerOptions options;
    options.listen.port = 0;
    options.log = [](std::string_view) {};
    server_ = std::make_unique<Server>(std::move(options),
                                       RouteTable{{&kImportRoute, 1}, find_import}, services());
    EXPECT_TRUE(server_->start().ok());
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
  }
  ~ImportClient() override {
    std::filesystem::remove_all(folder_);
    server_.reset();
    received = nullptr;
  }

  std::string write(const std::string& name, const std::string& content) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  ImportCommand command(const std::string& file) const {
    ImportCommand command;
    command.server = "http://127.0.0.1:" + std::to_string(port());
    command.table = "events";
    command.import_id = "an id";
    command.file = file;
    return command;
  }

  Received received_;
  std::filesystem::path folder_;
};

std::string many_rows() {
  std::string rows;
  for (int i = 0; i < 200'000; ++i) rows += R"({"type":"track","row":)" + std::to_string(i) + "}\n";
  return rows;
}

TEST_F(ImportClient, SendsAFileAsItIs) {
  const std::string rows = many_rows();
  EXPECT_EQ(import_file(command(write("rows.ndjson", rows))), 0);
  EXPECT_EQ(received_.stored, rows);
  EXPECT_EQ(received_.queries.at(0), "table=events import_id=an id ");
}

// It is what takes the import back.
TEST_F(ImportClient, SaysTheIdThatItMadeUp) {
  ImportCommand unnamed = command(write("rows.ndjson", "{}\n"));
  unnamed.import_id.clear();
  testing::internal::CaptureStderr();
  EXPECT_EQ(import_file(unnamed), 0);
  const std::string said = testing::internal::GetCapturedStderr();
  const std::string query = received_.queries.at(0);
  constexpr std::string_view kBegin = "table=events import_id=";
  ASSERT_TRUE(query.starts_with(std::string(kBegin) + "import-")) << query;
  const std::string id = query.substr(kBegin.size(), query.size() - kBegin.size() - 1);
  EXPECT_NE(said.find("import_id: " + id + "\n"), std::string::npos) << said;
}

TEST_F(ImportClient, SendsAGzippedFileForTheServerToInflate) {
  const std::string rows = many_rows();
  EXPECT_EQ(import_file(command(write("rows.gz", compress(ContentCoding::Gzip, rows)))), 0);
  EXPECT_EQ(received_.stored, rows);
}

TEST_F(ImportClient, SendsAZstdFileForTheServerToInflate) {
  const std::string rows = many_rows();
  EXPECT_EQ(import_file(command(write("rows.zst", compress(ContentCoding::Zstd, rows)))), 0);
  EXPECT_EQ(received_.stored, rows);
}

TEST_F(ImportClient, SaysHowToReadACsv) {
  ImportCommand csv = command(write("sheet.csv", "Customer No\nu1\n"));
  csv.format = "csv";
  csv.charset = "cp949";
  csv.map = {"Customer No=customer_id", "\xEA\xB0\x92&=event"};
  EXPECT_EQ(import_file(csv), 0);
  EXPECT_EQ(received_.queries.at(0),
            "table=events import_id=an id charset=cp949 map=Customer No=customer_id "
            "map=\xEA\xB0\x92&=event ");
}

TEST_F(ImportClient, GoesOnWhereTheServerStands) {
  const std::string rows = many_rows();
  for (const auto& [name, content] : {std::pair("rows.ndjson", rows),
                                      std::pair("rows.gz", compress(ContentCoding::Gzip, rows))}) {
    received_.stored.clear();
    received_.queries.clear();
    received_.refuse_at = 1'500'000;
    // Asked without an offset the operation above answers with where it stands.
    EXPECT_EQ(import_file(command(write(name, content))), 0);
    EXPECT_EQ(received_.stored, rows);
    EXPECT_EQ(received_.queries.size(), 3U);
    EXPECT_EQ(received_.queries.back(), "table=events import_id=an id offset=1500000 ");
  }
}

TEST_F(ImportClient, FailsWhereTheServerIsNotOrDoesNotTakeIt) {
  ImportCommand wrong = command(write("rows.ndjson", "{}\n"));
  wrong.server += "/elsewhere";
  EXPECT_EQ(import_file(wrong), 1);
  wrong.server = "ftp://x";
  EXPECT_EQ(import_file(wrong), 2);
  EXPECT_EQ(import_file(command("no such file")), 1);
}

TEST_F(ImportClient, ConvertsTheHiggsDataSet) {
  ImportCommand higgs = command(write("activity.txt.gz", compress(ContentCoding::Gzip,
                                                                  "223789 213163 1341100972 MT\n"
                                                                  "1 2 1341100981 RT\n"
                                                                  "3 3 1341101181 RE")));
  higgs.format = "higgs";
  EXPECT_EQ(import_file(higgs), 0);
  // 1341100972 is 2012-07-01T00:02:52Z, by date(1).
  EXPECT_EQ(received_.stored,
            R"({"type":"track","event":"Customer Mentioned","userId":"223789",)"
            R"("timestamp":"2012-07-01T00:02:52.000Z","properties":{"target_id":"213163"}})"
            "\n"
            R"({"type":"track","event":"Post Shared","userId":"1",)"
            R"("timestamp":"2012-07-01T00:03:01.000Z","properties":{"target_id":"2"}})"
            "\n"
            R"({"type":"track","event":"Post Replied","userId":"3",)"
            R"("timestamp":"2012-07-01T00:06:21.000Z","properties":{"target_id":"3"}})"
            "\n");
  ImportCommand bad = command(write("bad.txt", "1 2 1341100972 RT\n1 2 x RT\n"));
  bad.format = "higgs";
  EXPECT_EQ(import_file(bad), 1);
}

TEST(ConvertHiggsLine, RefusesOtherLines) {
  for (const char* line : {"", "1", "1 2 3", "1 2 3 XX", "1 2 3x RT", "1 2 3 RT 4"}) {
    std::string ndjson;
    EXPECT_FALSE(convert_higgs_line(line, ndjson).ok()) << line;
    EXPECT_EQ(ndjson, "");
  }
}

TEST(ParseServerUrl, TakesHostPortAndPrefix) {
  const auto plain = parse_server_url("http://example.com");
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->host, "example.com");
  EXPECT_EQ(plain->port, "80");
  EXPECT_EQ(plain->prefix, "");
  const auto full = parse_server_url("http://[::1]:8080/grape/");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->host, "::1");
  EXPECT_EQ(full->port, "8080");
  EXPECT_EQ(full->prefix, "/grape");
  for (const char* text :
       {"", "localhost:8080", "https://x", "http://", "http://x?a", "http://x#a"}) {
    EXPECT_FALSE(parse_server_url(text).ok()) << text;
  }
}

TEST(ParseImportAnswer, ReadsCountsAndErrors) {
  const auto answer = parse_import_answer(
      R"({"accepted": 3, "rejected": 1, "duplicates": 2, "resume_at": 99, "errors": [{"line": 2, "detail": "why"}]})");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->accepted, 3U);
  EXPECT_EQ(answer->rejected, 1U);
  EXPECT_EQ(answer->duplicates, 2U);
  EXPECT_EQ(answer->resume_at, 99U);
  ASSERT_EQ(answer->errors.size(), 1U);
  EXPECT_EQ(answer->errors[0].line, 2U);
  EXPECT_EQ(answer->errors[0].detail, "why");
  for (const char* text : {"", "[]", "{}", R"({"accepted": "3"})"}) {
    EXPECT_FALSE(parse_import_answer(text).ok()) << text;
  }
  EXPECT_EQ(describe_problem(R"({"title": "No", "detail": "because"})"), "No: because");
  EXPECT_EQ(describe_problem("<html>"), "<html>");
}

}  // namespace
}  // namespace grapevine
