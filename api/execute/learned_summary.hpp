#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/plan/people.hpp"
#include "kernels/influence/learned_fit.hpp"

namespace grapevine {

/// What was learned from who took up the same content after whom, and how well it foresees.
struct LearnedSummary {
  std::string problem;  ///< Why nothing is learned, or nothing can be held out; empty: it is.
  std::size_t contents = 0;
  std::size_t actions = 0;
  std::size_t actions_exposed = 0;
  std::uint64_t trials = 0;
  std::size_t edges_tried = 0;
  std::size_t edges_succeeded = 0;
  double global_probability = 0.0;
  double global_delay_ms = 0.0;
  std::string fit_problem;  ///< The same of the fit alone.
  LearnedFit fit;
};

/// Learns from everything, and judges by the last tenth of the contents what is learned from those
/// before, over the graph of the ties before. Kept for the next one who asks about the same snapshot.
/// Errors  Cancelled.
absl::StatusOr<std::shared_ptr<const LearnedSummary>> learned_summary(const GraphSource& source,
                                                                      const Context& context);

}  // namespace grapevine
