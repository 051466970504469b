#include "tests/api/sql/query_seeds.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace grapevine::sql::tests {
namespace {

namespace fs = std::filesystem;

// What is expected of a query does not matter here, nor do its settings.
void read_seeds(const fs::path& path, std::vector<QuerySeed>& seeds) {
  std::ifstream lines(path);
  bool asked = false;
  for (std::string line; std::getline(lines, line);) {
    const std::string_view text = line;
    if (text.starts_with("sql ")) {
      seeds.push_back({line.substr(4), {}});
      asked = true;
    } else if (text.starts_with("ask ")) {
      asked = text.starts_with("ask POST /?") || text == "ask POST /";
      if (asked) seeds.push_back({});
    } else if (text.empty() || text.starts_with("----")) {
      asked = false;
    } else if (asked && text.starts_with("param ")) {
      const std::size_t at = line.find('=');
      seeds.back().parameters.emplace_back(line.substr(6, at - 6), line.substr(at + 1));
    } else if (asked && !text.starts_with("setting ") && !text.starts_with("header ") &&
               !text.starts_with("repeat ") && text != "unordered") {
      seeds.back().text += (seeds.back().text.empty() ? "" : "\n") + line;
    }
  }
}

}  // namespace

std::vector<QuerySeed> query_seeds() {
  const fs::path queries = fs::path(GRAPEVINE_SOURCE_DIR) / "tests/queries";
  std::vector<fs::path> paths;
  for (const char* folder : {"sql", "tables"}) {
    for (const auto& entry : fs::directory_iterator(queries / folder)) {
      if (entry.path().extension() == ".query") paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<QuerySeed> seeds;
  for (const fs::path& path : paths) read_seeds(path, seeds);
  std::erase_if(seeds, [](const QuerySeed& seed) { return seed.text.empty(); });
  return seeds;
}

}  // namespace grapevine::sql::tests
