#include "kernels/listen/mention_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "storage/schema.hpp"

namespace grapevine {

std::vector<EventSelection> select_mentions(const Snapshot& snapshot, TimeMs from, TimeMs to) {
  EventSelection social;
  social.from = from;
  social.to = to;
  EventSelection with_text = social;
  ColumnRule has_text{column_id(CoreColumn::Text), {}, false};
  has_text.test.any = true;
  with_text.where.push_back(std::move(has_text));
  for (std::uint32_t i = 0; i < snapshot.event_counts().size(); ++i) {
    const std::string_view name = snapshot.event_names().at(i);
    const bool is_social = std::ranges::find(kSocialEvents, name) != kSocialEvents.end();
    (is_social ? social : with_text).events.push_back(EventNameId(i));
  }
  return {std::move(social), std::move(with_text)};
}

}  // namespace grapevine
