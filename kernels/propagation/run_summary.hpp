#pragma once

#include <cstdint>
#include <vector>

namespace grapevine {

/// What the runs of a simulation come to.
struct RunSummary {
  double mean = 0.0;
  double standard_error = 0.0;  ///< Of the mean; 0 for one run.
  double p05 = 0.0;             ///< By nearest rank, as the other percentiles.
  double p50 = 0.0;
  double p95 = 0.0;
};

/// Shapes  counts: one of each run, at least one.
/// Cost    O(runs).
RunSummary summarize_runs(std::vector<std::int64_t> counts);

}  // namespace grapevine
