// The house rules that a compiler cannot check. Links can be right while includes are wrong, and a
// rule that only a reviewer knows is not a rule.

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAnywhere;
constexpr std::size_t kLinesMax = 450;

// A pattern that must not occur in a line of a source below a folder, and what to do instead.
struct Ban {
  std::string_view folder;
  std::string_view pattern;
  std::string_view instead;
  std::vector<std::string_view> except_in;  ///< Folders or files where it may.
};

const std::vector<Ban> kBans{
    {"storage",
     R"(#include "(kernels|api|server|tests|bench)/)",
     "move what both need down into storage",
     {}},
    {"kernels", R"(#include "(api|server|tests|bench)/)", "pass it in as an argument", {}},
    {"api", R"(#include "(server|tests|bench)/)", "let server hand it down", {}},
    {"server", R"(#include "(tests|bench)/)", "tests and benchmarks see us, not we them", {}},
    {"api", R"(#include <boost/(asio|beast))", "let server translate it", {}},
    {"server",
     R"(#include <boost/(asio|beast))",
     "sockets are known in server/http, by webhooks and by the "
     "command line's client",
     {"server/http/", "server/webhooks/", "server/cli/"}},
    {"kernels", R"(#include <boost/)", "a kernel knows no request", {}},
    {"storage", R"(#include <boost/)", "storage knows no request", {}},
    {"storage", R"(#include <simdjson)", "parse in api, hand down values", {}},
    {"kernels",
     R"(#include <simdjson)",
     "parse in api, hand down values: texts that SQL's JSONExtract reads are values themselves",
     {"kernels/query/functions/json_value.hpp"}},
    {"kernels",
     R"(#include <(tbb|oneapi)/)",
     "use or add a primitive of kernels/parallel",
     {"kernels/parallel/"}},
    {"storage", R"(#include <(tbb|oneapi)/)", "one writer needs no parallel loops", {}},
    {"api", R"(#include <(tbb|oneapi)/)", "call a kernel", {}},
    {"kernels", R"(std::(cout|cerr|clog)|printf\()", "return it; callers report", {}},
    {"kernels",
     R"(std::(random_device|mt19937|rand\b)|system_clock|steady_clock)",
     "draw with a stateless function, take the time as an argument",
     {}},
    {"storage", R"(std::(cout|cerr|clog)|\bf?printf\()", "return a status", {}},
    {"storage",
     R"(<(fstream|dirent.h|sys/(stat|mman|file).h)>|std::rename\(|fopen\()",
     "go through the seam, storage/disk",
     {"storage/disk/"}},
    {"api", R"(std::(cout|cerr|clog)|\bf?printf\()", "return a status", {"api/openapi_to_json/"}},
    {kAnywhere,
     R"((class|struct) \w*(Utils|Helpers|Manager|Common)\b)",
     "name what its members have in common",
     {}},
    {kAnywhere,
     R"(\b(TO)"
     R"(DO|FIX)"
     R"(ME|XX)"
     R"(X|HA)"
     R"(CK)\b)",
     "finish it, or file an issue",
     {}},
    {kAnywhere,
     R"(DIS)"
     R"(ABLED_)",
     "a test that is off tests nothing",
     {}},
    {"tests", R"(sleep_(for|until)\()", "wait for the event itself", {}},
    {kAnywhere,
     R"(using namespace s)"
     R"(td;)",
     "write std::",
     {}},
};

// Files that are named for what they are not.
const std::regex kVagueName(R"((utils?|helpers?|common|misc)\.(hpp|cpp)$)");
// Where only one machine has something. Folders that every Debian has are fine.
const std::regex kMachinePath(R"((^|[^\w.])/(home|root|work|mnt)/\w)");

struct File {
  std::string path;  // From the root.
  std::vector<std::string> lines;
};

std::string tracked_paths() {
  const std::string command = "git -C '" GRAPEVINE_SOURCE_DIR
                              "' ls-files --cached --others "
                              "--exclude-standard";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t size = fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    text.append(buffer.data(), size);
  }
  return text;
}

const std::vector<File>& files() {
  static const std::vector<File> all = [] {
    std::vector<File> found;
    std::istringstream paths(tracked_paths());
    for (std::string path; std::getline(paths, path);) {
      std::ifstream text(fs::path(GRAPEVINE_SOURCE_DIR) / path);
      File& file = found.emplace_back(File{path, {}});
      for (std::string line; std::getline(text, line);) file.lines.push_back(line);
    }
    return found;
  }();
  return all;
}

bool is_source(const File& file) {
  return file.path.ends_with(".cpp") || file.path.ends_with(".hpp");
}

bool applies(const Ban& ban, const File& file) {
  if (!is_source(file)) return false;
  if (!ban.folder.empty() && !file.path.starts_with(std::string(ban.folder) + "/")) return false;
  return std::none_of(ban.except_in.begin(), ban.except_in.end(),
                      [&](std::string_view place) { return file.path.starts_with(place); });
}

TEST(Tidy, SeesTheSources) {
  const auto sources = std::count_if(files().begin(), files().end(), is_source);
  EXPECT_GT(sources, 20) << "git lists too few files, so the rules below check nothing";
}

TEST(Tidy, NothingBannedOccurs) {
  for (const Ban& ban : kBans) {
    const std::regex pattern(ban.pattern.begin(), ban.pattern.end(), std::regex::optimize);
    for (const File& file : files()) {
      if (!applies(ban, file)) continue;
      for (std::size_t i = 0; i < file.lines.size(); ++i) {
        if (!std::regex_search(file.lines[i], pattern)) continue;
        ADD_FAILURE() << file.path << ':' << i + 1 << ": " << file.lines[i]
                      << "\n  instead: " << ban.instead;
      }
    }
  }
}

TEST(Tidy, SourcesAreShort) {
  for (const File& file : files()) {
    if (!is_source(file)) continue;
    EXPECT_LE(file.lines.size(), kLinesMax) << file.path << " is probably two ideas";
  }
}

TEST(Tidy, FilesAreNamedForWhatTheyHold) {
  for (const File& file : files()) {
    EXPECT_FALSE(std::regex_search(file.path, kVagueName)) << file.path;
  }
}

TEST(Tidy, HeadersAreGuarded) {
  for (const File& file : files()) {
    if (!file.path.ends_with(".hpp")) continue;
    EXPECT_NE(std::find(file.lines.begin(), file.lines.end(), "#pragma once"), file.lines.end())
        << file.path;
  }
}

TEST(Tidy, NoFileKnowsOneMachine) {
  for (const File& file : files()) {
    if (file.path == "tests/tidy/tidy_test.cpp") continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(file.lines[i], kMachinePath))
          << file.path << ':' << i + 1 << ": " << file.lines[i];
    }
  }
}

TEST(Tidy, LockFilesNameNoRegistry) {
  for (const File& file : files()) {
    if (!file.path.ends_with("package-lock.json")) continue;
    for (const std::string& line : file.lines) {
      EXPECT_EQ(line.find("\"resolved\": \"http"), std::string::npos) << file.path << ": " << line;
    }
  }
}

}  // namespace
}  // namespace grapevine
