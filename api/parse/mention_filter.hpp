#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/message.hpp"
#include "api/parse/query_reader.hpp"
#include "api/parse/time.hpp"
#include "api/parse/within.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Which mentions a question of listening is about: those that satisfy everything that is said. Of
/// each list one value is enough; an empty one says nothing.
struct MentionFilter {
  static constexpr std::size_t kValuesMax = 1000;  ///< Of each list.

  std::vector<std::string> brands;
  std::vector<std::string> products;  ///< By product_id.
  std::vector<std::string> topics;
  std::vector<std::string> accounts;
  std::vector<std::string> channels;
  std::vector<std::string> regions;  ///< Of who speaks.
  std::vector<std::string> segments;
  std::vector<std::string> communities;

  std::string timezone;
  std::optional<SaidTime> from;
  std::optional<SaidTime> to;  ///< Not included.
  std::optional<WithinSpan> within;
  AsOf as_of;
  std::optional<std::uint64_t> snapshot;
  TimeMs max_staleness_ms = 0;  ///< Of the graph, where communities or reach are asked about.
};

/// The query parameters `brand`, `product`, `topic`, `account`, `channel`, `region`, `segment` and
/// `community` (with commas between, or several times), `timezone`, `from`, `to`, `within`.
MentionFilter take_mentions(QueryReader& query, const Context& context);

/// The same, and `as_of`, `snapshot` and `max_staleness`.
MentionFilter take_mention_filter(QueryReader& query, const Context& context);

}  // namespace grapevine
