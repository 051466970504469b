#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/parse/object_reader.hpp"
#include "api/parse/query_reader.hpp"
#include "api/parse/time.hpp"

namespace grapevine {

/// A segment's name, and where the request says it.
struct SegmentName {
  std::string name;
  std::string pointer;
};

/// Which social events a question about the graph is restricted to: those that satisfy everything
/// that is said.
struct GraphRestriction {
  static constexpr std::size_t kValuesMax = 1000;  ///< Of each list.

  std::vector<std::string> channels;
  std::vector<std::string> products;  ///< By product_id.
  std::vector<std::string> brands;
  std::optional<SaidTime> from;
  std::optional<SaidTime> to;        ///< Not included.
  std::optional<SegmentName> among;  ///< Ties between its members only.

  [[nodiscard]] bool is_none() const;
};

/// A restriction as the member `graph` of a request: the same text for the same restriction; empty
/// where there is none.
std::string restriction_json(const GraphRestriction& restriction);

/// And back: a text that this program wrote. Empty: none.
GraphRestriction read_restriction_json(std::string_view json);

/// The member `graph`: `channel`, `product_id` and `brand` (a string or a list), `from`, `to`,
/// `segment`. Without any where it is absent.
GraphRestriction take_graph_restriction(ObjectReader& reader);

/// The query parameters `channel`, `product_id`, `brand` (with commas between), `from`, `to`, `among`.
GraphRestriction take_graph_restriction(QueryReader& query);

/// `5s`, `500ms` or what `within` takes, up to a day; nullopt for anything else.
std::optional<TimeMs> parse_staleness(std::string_view text);
/// The query parameter `max_staleness`; 0 where it is absent.
TimeMs take_staleness(QueryReader& query);
inline const std::string kWantsStaleness = "wants an age up to a day (500ms, 5s, 15m), not: ";

}  // namespace grapevine
