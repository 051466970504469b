#include "api/plan/mention_window.hpp"

#include <algorithm>
#include <string>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"

namespace grapevine {

MentionWindow resolve_window(const MentionFilter& filter, const Snapshot& snapshot, TimeMs as_of) {
  MentionWindow window;
  TimeMs first = as_of;
  for (const auto& part : snapshot.parts()) first = std::min(first, part->first);
  window.from = first;
  window.to = as_of + 1;
  window.has_begin = filter.from.has_value() || filter.within.has_value();
  if (filter.from) window.from = moment_of(*filter.from, filter.timezone);
  if (filter.to) window.to = std::min(window.to, moment_of(*filter.to, filter.timezone));
  if (filter.within) {
    const TimeWindow within = resolve_within(*filter.within, as_of, filter.timezone);
    window.from = within.from;
    window.to = std::min(window.to, within.to);
  }
  return window;
}

absl::Status check_window(const MentionWindow& window) {
  if (window.from < window.to) return absl::OkStatus();
  const std::string detail = "must be before to, and not after as_of: " + format_time(window.from) +
                             " is not before " + format_time(window.to);
  return problem(ErrorCode::Unprocessable, detail, {{"?from", detail}});
}

}  // namespace grapevine
