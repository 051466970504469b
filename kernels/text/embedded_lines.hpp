#pragma once

#include <string_view>

namespace grapevine {

/// Calls `body(first, rest)` for every line of an embedded table: what stands before the first tab,
/// and after it.
template <typename Body>
void for_each_line(std::string_view table, const Body& body) {
  while (!table.empty()) {
    const auto end = table.find('\n');
    const std::string_view line = table.substr(0, end);
    const auto tab = line.find('\t');
    body(line.substr(0, tab), line.substr(tab + 1));
    table.remove_prefix(end + 1);
  }
}

}  // namespace grapevine
