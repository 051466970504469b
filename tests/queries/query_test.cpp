// Runs every .query file below this folder, each against a server of its own.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/queries/json_match.hpp"
#include "tests/queries/query_file.hpp"
#include "tests/queries/rows_match.hpp"
#include "tests/serving/served.hpp"

namespace grapevine::tests {
namespace {

namespace fs = std::filesystem;

const fs::path kTests = fs::path(GRAPEVINE_SOURCE_DIR) / "tests";

std::string read_whole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return (std::stringstream() << file.rdbuf()).str();
}

// NAME.ndjson are calls; or NAME.csv are events, NAME_customers.csv, where there is one, what is known of people.
void load(const Served& server, const std::string& dataset) {
  const fs::path calls = kTests / "data" / (dataset + ".ndjson");
  if (fs::exists(calls)) {
    const Answer answer = server.ask("POST", "/v1/import?table=events",
                                     {{"Content-Type", "application/x-ndjson"}}, read_whole(calls));
    ASSERT_EQ(answer.status, 200) << answer.body;
    ASSERT_EQ(json_mismatch(R"({"rejected": 0, ...})", answer.body), "") << answer.body;
    return;
  }
  for (const auto& [suffix, table] :
       {std::pair("_customers.csv", "customers"), std::pair(".csv", "events")}) {
    const fs::path path = kTests / "data" / (dataset + suffix);
    if (!fs::exists(path) && std::string_view(table) == "customers") continue;
    const Answer answer = server.ask("POST", std::string("/v1/import?table=") + table,
                                     {{"Content-Type", "text/csv"}}, read_whole(path));
    ASSERT_EQ(answer.status, 200) << answer.body;
    ASSERT_EQ(json_mismatch(R"({"rejected": 0, ...})", answer.body), "") << answer.body;
  }
}

std::string replace_kept(std::string text, const std::map<std::string, std::string>& kept) {
  for (const auto& [name, value] : kept) {
    for (std::size_t at = text.find("$" + name); at != std::string::npos;
         at = text.find("$" + name, at + value.size())) {
      text.replace(at, name.size() + 1, value);
    }
  }
  return text;
}

// CSV ends its lines with CR LF, a .query file with LF; the last break is not written.
std::string as_written(const std::string& text) {
  std::string lines;
  std::copy_if(text.begin(), text.end(), std::back_inserter(lines),
               [](char letter) { return letter != '\r'; });
  if (lines.ends_with('\n')) lines.pop_back();
  return lines;
}

// What clients read the code and its name from.
void check_refused(const QueryCase& asked, const Answer& answer) {
  const std::size_t space = asked.error.find(' ');
  EXPECT_EQ(answer.header("x-clickhouse-exception-code"), asked.error.substr(0, space))
      << asked.body << '\n'
      << answer.body;
  const std::string name = "(" + asked.error.substr(space + 1) + ")";
  EXPECT_NE(answer.body.find(name), std::string::npos) << asked.body << '\n' << answer.body;
}

void check_rows(const QueryCase& asked, const Answer& answer) {
  EXPECT_EQ(answer.status, asked.status) << asked.body << '\n' << answer.body;
  if (answer.status != asked.status) return;
  EXPECT_EQ(rows_mismatch(asked.expected, answer.body, asked.unordered), "") << asked.body;
}

void check(const QueryCase& asked, const std::string& expected, const Answer& answer) {
  EXPECT_EQ(answer.status, asked.status) << answer.body;
  for (const auto& [name, value] : asked.expected_headers) {
    EXPECT_EQ(answer.header(name), value) << name;
  }
  if (expected.empty()) return;
  const std::string_view type = answer.header("content-type");
  if (type.starts_with("application/json") || type.starts_with("application/problem+json")) {
    EXPECT_EQ(json_mismatch(expected, answer.body), "") << answer.body;
  } else {
    EXPECT_EQ(as_written(answer.body), expected);
  }
}

class QueryTest : public testing::Test {
 public:
  explicit QueryTest(fs::path path) : path_(std::move(path)) {}

  void TestBody() override {
    const QueryFile file = read_query_file(path_);
    Served server(file.options);
    for (const std::string& dataset : file.datasets) ASSERT_NO_FATAL_FAILURE(load(server, dataset));
    std::map<std::string, std::string> kept;
    for (const QueryCase& asked : file.cases) {
      SCOPED_TRACE(path_.string() + ":" + std::to_string(asked.line));
      const Answer answer = server.ask(asked.method, replace_kept(asked.path, kept), asked.headers,
                                       replace_kept(asked.body, kept));
      if (!asked.error.empty()) {
        check_refused(asked, answer);
      } else if (asked.is_sql) {
        check_rows(asked, answer);
      } else {
        check(asked, replace_kept(asked.expected, kept), answer);
      }
      for (const auto& [member, name] : asked.kept) {
        ASSERT_NO_THROW(kept[name] = json_member(answer.body, member))
            << "no " << member << " in " << answer.body;
      }
    }
    EXPECT_EQ(server.stop(), 0);
  }

 private:
  fs::path path_;
};

}  // namespace

void register_query_tests() {
  const fs::path folder = kTests / "queries";
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path path = entry.path();
    if (path.extension() != ".query") continue;
    std::string name = fs::relative(path, folder).replace_extension();
    std::replace(name.begin(), name.end(), '/', '.');
    testing::RegisterTest("queries", name.c_str(), nullptr, nullptr, path.c_str(), 1,
                          [path]() -> testing::Test* { return new QueryTest(path); });
  }
}

}  // namespace grapevine::tests

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  grapevine::tests::register_query_tests();
  return RUN_ALL_TESTS();
}
