#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <absl/status/statusor.h>

#include "api/parse/within.hpp"
#include "kernels/propagation/probability.hpp"

namespace grapevine {

/// External ids, as a request lists them.
using CustomerIds = std::vector<std::string>;

/// A segment's name, and where the request says it.
struct SegmentName {
  std::string name;
  std::string pointer;
};

/// Which data a question about the graph is about.
struct GraphMoment {
  AsOf as_of;                             ///< Social events after it do not count.
  std::optional<std::uint64_t> snapshot;  ///< The pinned one that was asked for.
};

/// The body of POST /v1/wom/simulate.
struct SimulateQuery {
  static constexpr std::int64_t kSimulationsMax = 1'000'000;
  static constexpr std::int64_t kHorizonMax = 1'000;

  std::variant<CustomerIds, SegmentName> seeds;
  ProbabilityRule probability = WeightedCascade{};
  std::size_t simulations = 10'000;
  std::size_t horizon = 0;  ///< Steps; 0: until word reaches nobody new.
  std::optional<SegmentName> audience;
  std::uint64_t random_seed = 1;
  GraphMoment moment;
};

/// The body of POST /v1/wom/seeds.
struct SeedsQuery {
  static constexpr std::int64_t kSeedsMax = 10'000;

  std::size_t k = 1;
  ProbabilityRule probability = WeightedCascade{};
  std::optional<SegmentName> candidates;
  std::optional<SegmentName> audience;
  CustomerIds exclude;
  double epsilon = 0.1;
  double delta = 0.0;  ///< 0: one in the number of people.
  std::uint64_t random_seed = 1;
  GraphMoment moment;
};

/// Errors  Malformed, Unprocessable: with every mistake and where it stands.
absl::StatusOr<SimulateQuery> parse_simulate_query(std::string_view body);
absl::StatusOr<SeedsQuery> parse_seeds_query(std::string_view body);

}  // namespace grapevine
