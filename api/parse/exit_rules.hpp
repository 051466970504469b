#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "api/parse/object_reader.hpp"
#include "api/parse/query_reader.hpp"

namespace grapevine {

/// Whom a caller asked to keep back, beside those whom nobody is ever told of.
struct ExitRules {
  std::string consent;  ///< Keeps those whose attribute `consent.NAME` says yes; empty: everyone.
  std::optional<double> holdout;  ///< The share of people held out of a campaign, in [0, 1].
  std::string campaign;           ///< Stands beside `holdout`: each campaign holds out others.

  friend bool operator==(const ExitRules&, const ExitRules&) = default;
};

inline constexpr std::size_t kCampaignBytesMax = 256;

/// Reads `consent`, `holdout` and `campaign` from the parameters of a query.
ExitRules read_exit_rules(QueryReader& query);
/// The same from the members of an object.
ExitRules read_exit_rules(ObjectReader& reader);

}  // namespace grapevine
