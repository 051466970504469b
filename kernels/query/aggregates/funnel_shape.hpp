#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "kernels/query/aggregate.hpp"

namespace grapevine::sql {

/// What a windowFunnel looks for.
struct FunnelShape {
  std::uint64_t window = 0;
  std::size_t steps = 0;
  bool strict_deduplication = false;
  bool strict_order = false;
  bool strict_increase = false;
};

/// nullopt: the aggregate is no windowFunnel.
std::optional<FunnelShape> funnel_shape_of(const Aggregate& aggregate);

}  // namespace grapevine::sql
