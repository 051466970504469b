#include "api/live/segments/person_view.hpp"

#include <algorithm>

namespace grapevine {

std::span<const CustomerRow> PersonView::rows(EventNameId event, TimeMs from) {
  if (index(event) >= read_.size()) return {};
  Read& read = read_[index(event)];
  if (read.look != look_ || from < read.from) {
    rows_.read(person_, event, from, read.rows);
    read.look = look_;
    read.from = from;
  }
  const auto first =
      std::lower_bound(read.rows.begin(), read.rows.end(), from,
                       [](const CustomerRow& row, TimeMs time) { return row.ts < time; });
  return {first, read.rows.end()};
}

}  // namespace grapevine
