#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "storage/part.hpp"
#include "storage/rescoring.hpp"
#include "storage/texts_to_score.hpp"

namespace grapevine {

/// Finds a text by the sequence of its row. Refers to what it was made of.
class ScoresBySequence {
 public:
  /// Shapes  `texts` ascend by sequence; not empty. Memory: 1.5 bits for each sequence between the
  ///         first and the last.
  explicit ScoresBySequence(std::span<const Rescoring::Text> texts);

  /// nullptr: it is not among them.
  [[nodiscard]] const Rescoring::Text* find(std::uint64_t sequence) const;
  [[nodiscard]] std::uint64_t last() const { return texts_.back().sequence; }

 private:
  std::span<const Rescoring::Text> texts_;
  std::vector<std::uint64_t> bits_;    // From the first sequence on, 1: there is one.
  std::vector<std::uint32_t> before_;  // By word of bits_: how many come before it.
};

/// A run with other scores.
struct RescoredRun {
  std::shared_ptr<const Run> run;
  std::vector<std::uint32_t> changed;  ///< Rows whose mood is another now; ascending.
};

/// The run with the scores of those of its texts that are `texts_to_score` and among the ones given.
/// Everything else is as it was, row by row. nullopt: there are none of them in it.
/// Cost    About 1 ns a row to look, and a copy of the run where there are.
std::optional<RescoredRun> rescored_run(const LiveRun& run, const ScoresBySequence& scores,
                                        const KnownModel& model);

}  // namespace grapevine
