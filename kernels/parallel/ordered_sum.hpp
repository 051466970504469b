#pragma once

#include <cstddef>
#include <functional>

#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

namespace grapevine {

/// Elements that one task of `ordered_sum` adds up: a few microseconds of work.
inline constexpr std::size_t kElementsPerTask = 4096;

/// The sum of `term(i)` for every i < `count`. `term` may write element i of arrays it captures.
/// The same bits for any number of threads, because tasks split and join in a fixed order.
template <typename Term>
double ordered_sum(std::size_t count, const Term& term) {
  using Block = tbb::blocked_range<std::size_t>;
  const auto sum_block = [&term](const Block& block, double sum) {
    for (std::size_t i = block.begin(); i != block.end(); ++i) sum += term(i);
    return sum;
  };
  return tbb::parallel_deterministic_reduce(Block(0, count, kElementsPerTask), 0.0, sum_block,
                                            std::plus<>());
}

}  // namespace grapevine
