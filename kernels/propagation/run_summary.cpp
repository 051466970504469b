#include "kernels/propagation/run_summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace grapevine {
namespace {

double nearest_rank(std::vector<std::int64_t>& counts, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(counts.size())));
  const auto at = counts.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(counts, at);
  return static_cast<double>(*at);
}

}  // namespace

RunSummary summarize_runs(std::vector<std::int64_t> counts) {
  RunSummary summary;
  const auto runs = static_cast<double>(counts.size());
  const std::int64_t sum = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  summary.mean = static_cast<double>(sum) / runs;
  double squares = 0.0;
  for (const std::int64_t count : counts) {
    const double off = static_cast<double>(count) - summary.mean;
    squares += off * off;
  }
  if (counts.size() > 1) summary.standard_error = std::sqrt(squares / (runs - 1.0) / runs);
  summary.p05 = nearest_rank(counts, 0.05);
  summary.p50 = nearest_rank(counts, 0.50);
  summary.p95 = nearest_rank(counts, 0.95);
  return summary;
}

}  // namespace grapevine
