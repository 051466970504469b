#include "api/parse/mention_filter.hpp"

#include <limits>
#include <string_view>
#include <utility>

#include "api/parse/graph_restriction.hpp"

namespace grapevine {
namespace {

std::vector<std::string> take_values(QueryReader& query, std::string_view name) {
  auto values = query.take_lists(name);
  if (!values) return {};
  if (values->empty() || values->size() > MentionFilter::kValuesMax) {
    query.wrong(name, "wants up to 1000 values, with commas between");
  }
  return *std::move(values);
}

void take_window(QueryReader& query, MentionFilter& filter) {
  filter.from = query.take_time("from");
  filter.to = query.take_time("to");
  const std::string* within = query.take("within");
  if (within == nullptr) return;
  filter.within = parse_within(*within);
  if (!filter.within) {
    query.wrong(
        "within",
        "wants a duration of at least 1 (15m, 12h, 30d, 6w) or a word (today, last_week), not: " +
            *within);
  } else if (filter.from || filter.to) {
    query.wrong("within", "says the same as from and to: give one of them");
  }
}

}  // namespace

MentionFilter take_mentions(QueryReader& query, const Context& context) {
  MentionFilter filter;
  filter.brands = take_values(query, "brand");
  filter.products = take_values(query, "product");
  filter.topics = take_values(query, "topic");
  filter.accounts = take_values(query, "account");
  filter.channels = take_values(query, "channel");
  filter.regions = take_values(query, "region");
  filter.segments = take_values(query, "segment");
  filter.communities = take_values(query, "community");
  const std::string* timezone = query.take("timezone");
  filter.timezone = timezone == nullptr ? context.timezone : *timezone;
  if (!is_timezone(filter.timezone)) {
    query.wrong("timezone", no_such_timezone(filter.timezone));
    filter.timezone = "UTC";
  }
  take_window(query, filter);
  return filter;
}

MentionFilter take_mention_filter(QueryReader& query, const Context& context) {
  MentionFilter filter = take_mentions(query, context);
  filter.as_of = query.take_as_of().value_or(AsOf{});
  const auto snapshot = query.take_whole("snapshot", 0, std::numeric_limits<std::int64_t>::max());
  if (snapshot) filter.snapshot = static_cast<std::uint64_t>(*snapshot);
  filter.max_staleness_ms = take_staleness(query);
  return filter;
}

}  // namespace grapevine
