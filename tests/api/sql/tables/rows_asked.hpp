#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "tests/api/asked.hpp"

namespace grapevine::testing {

/// What a query answers, a line a row: CSV, or the problem where it is refused.
inline std::vector<std::string> rows_asked(AskedStore& asked, std::string_view query) {
  JsonWriter json;
  json.begin_object();
  json.member("query", query);
  json.member("format", "CSV");
  json.end_object();
  const std::string body = asked.ask("POST", "/v1/sql", std::move(json).take()).body;
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < body.size();) {
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    lines.push_back(body.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace grapevine::testing
