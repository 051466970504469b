// Estimates that we do not make: what is named here answers so, and says what is exact instead.
#include <array>
#include <string>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

absl::StatusOr<AggregatePtr> refuse(const AggregateRequest& request) {
  const std::string name(request.name);
  const bool is_quantile = name.starts_with("quantile") || name.starts_with("median");
  return query_error(QueryErrorCode::NotImplemented,
                     "Aggregate function " + name + " is not supported: it is an estimate. " +
                         (is_quantile ? "Use quantile or quantileExact, which are exact"
                                      : "Use count() by groups of a width"));
}

constexpr std::array kKinds{
    AggregateKind{"histogram", refuse},
    AggregateKind{"quantileTDigest", refuse},
    AggregateKind{"quantilesTDigest", refuse},
    AggregateKind{"quantileTDigestWeighted", refuse},
    AggregateKind{"quantilesTDigestWeighted", refuse},
    AggregateKind{"quantileBFloat16", refuse},
    AggregateKind{"quantilesBFloat16", refuse},
    AggregateKind{"quantileDD", refuse},
    AggregateKind{"quantilesDD", refuse},
    AggregateKind{"quantileGK", refuse},
    AggregateKind{"quantilesGK", refuse},
    AggregateKind{"medianTDigest", refuse},
};

}  // namespace

std::span<const AggregateKind> estimate_kinds() { return kKinds; }

}  // namespace grapevine::sql
