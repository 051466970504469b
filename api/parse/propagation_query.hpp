#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <absl/status/statusor.h>

#include "api/parse/graph_restriction.hpp"
#include "api/parse/probability_rule.hpp"
#include "api/parse/within.hpp"
#include "kernels/propagation/simulate_rivals.hpp"

namespace grapevine {

/// External ids, as a request lists them.
using CustomerIds = std::vector<std::string>;

/// Those who spoke in the burst of an alert, and where the request names it.
struct AlertName {
  std::uint64_t id = 0;
  std::string pointer;
};

/// People whom a request names one by one, by a segment, or by an alert.
struct PeopleRule {
  std::variant<CustomerIds, SegmentName, AlertName> who;
  std::string pointer;
};

/// Which data a question about the graph is about.
struct GraphMoment {
  AsOf as_of;                             ///< Social events after it do not count.
  std::optional<std::uint64_t> snapshot;  ///< The pinned one that was asked for.
  GraphRestriction restriction;
  TimeMs max_staleness_ms = 0;  ///< A graph that was right so long ago will do.
};

/// What every question about word of mouth says.
struct PropagationQuery {
  CascadeModel model = CascadeModel::IndependentCascade;
  ProbabilityRule probability;
  std::uint64_t random_seed = 1;
  GraphMoment moment;
};

/// An attribute, a computed one or a score, and where the request names it.
struct AttributeName {
  std::string name;
  std::string pointer;
};

/// One way to divide those who are reached.
struct GroupingRule {
  static constexpr std::size_t kBandsMax = 100;

  std::string pointer;
  std::string attribute;              ///< Empty: by `segments`.
  std::vector<double> bands;          ///< Ascending: where the next band begins; none: by values.
  std::vector<std::string> segments;  ///< Those who are in each: they may overlap.
};

/// The body of POST /v1/wom/simulate.
struct SimulateQuery : PropagationQuery {
  static constexpr std::int64_t kSimulationsMax = 1'000'000;
  static constexpr std::int64_t kHorizonMax = 1'000;
  static constexpr std::size_t kGroupingsMax = 8;

  PeopleRule seeds;
  std::optional<PeopleRule> rival_seeds;
  RivalTie tie = RivalTie::FairCoin;
  std::size_t simulations = 10'000;
  std::size_t horizon = 0;  ///< Steps; 0: until word reaches nobody new.
  std::optional<SegmentName> audience;
  std::vector<GroupingRule> by;
};

/// The body of POST /v1/wom/seeds.
struct SeedsQuery : PropagationQuery {
  static constexpr std::int64_t kSeedsMax = 10'000;

  std::size_t k = 1;
  std::optional<double> budget;       ///< With a cost, instead of k.
  std::optional<AttributeName> cost;  ///< None: everyone costs 1, so that a budget is k.
  std::optional<AttributeName> value;
  std::optional<SegmentName> candidates;
  std::optional<SegmentName> audience;
  CustomerIds exclude;
  double epsilon = 0.1;
  double delta = 0.0;  ///< 0: one in the number of people.
};

/// The body of POST /v1/wom/contain.
struct ContainQuery : PropagationQuery {
  static constexpr std::int64_t kPeopleMax = 1'000;
  static constexpr std::int64_t kAtRiskMax = 10'000;

  PeopleRule spreading;
  std::size_t k = 1;
  std::optional<SegmentName> candidates;
  std::optional<AttributeName> value;
  CustomerIds exclude;
  std::size_t simulations = 4'000;  ///< That judge the choice.
  std::size_t at_risk = 10;         ///< How many of those who are likely to be reached next.
  std::size_t horizon = 0;          ///< Steps within which they are; 0: ever.
};

/// Errors  Malformed, Unprocessable: with every mistake and where it stands.
absl::StatusOr<SimulateQuery> parse_simulate_query(std::string_view body);
absl::StatusOr<SeedsQuery> parse_seeds_query(std::string_view body);
absl::StatusOr<ContainQuery> parse_contain_query(std::string_view body);

}  // namespace grapevine
