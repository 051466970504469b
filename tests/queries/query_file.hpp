#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/serving/served.hpp"

namespace grapevine::tests {

/// One question and what must be answered, as a .query file states them.
struct QueryCase {
  int line = 0;  ///< Where `ask` stands.
  std::string method;
  std::string path;
  Headers headers;
  std::string body;
  int status = 0;
  Headers expected_headers;  ///< Names in lower case.
  std::string expected;      ///< Empty: the body does not matter.
  bool is_sql = false;       ///< Rows are expected, as TabSeparatedWithNamesAndTypes has them.
  bool unordered = false;    ///< They may come in any order.
  std::string error;         ///< "46 UNKNOWN_FUNCTION": what SQL is refused with; `status` is 0.
  /// Members of the answer that later cases of the file use: {"next_cursor", "C"} makes `$C`.
  std::vector<std::pair<std::string, std::string>> kept;
};

struct QueryFile {
  std::vector<std::string> options;   ///< Of `grapevine serve`.
  std::vector<std::string> datasets;  ///< Of tests/data, without ".csv", in the order to load.
  std::vector<QueryCase> cases;
};

/// Reads a .query file (tests/queries/README.md has the grammar). Throws with file and line.
QueryFile read_query_file(const std::string& path);

}  // namespace grapevine::tests
