#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "api/sql/tables/system/fill.hpp"

namespace grapevine::sql {
namespace {

// The names in tzdata.zi, the text form of the tz database: a zone is "Z name ...", a link
// "L target name". Times are computed from the same folder.
std::vector<std::string> zone_names() {
  std::vector<std::string> names{"UTC"};
  const char* folder = std::getenv("TZDIR");
  std::ifstream file(std::string(folder == nullptr ? "/usr/share/zoneinfo" : folder) +
                     "/tzdata.zi");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("Z ") && !line.starts_with("L ")) continue;
    std::size_t begin = 2;
    if (line[0] == 'L') begin = std::min(line.find(' ', begin), line.size() - 1) + 1;
    names.push_back(line.substr(begin, line.find(' ', begin) - begin));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

absl::Status fill_time_zones(RowsBuilder& rows, QueryContext&) {
  static const std::vector<std::string> kNames = zone_names();
  for (const std::string& name : kNames) rows.add({{"time_zone", name}});
  return absl::OkStatus();
}

}  // namespace grapevine::sql
