#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "kernels/listen/complaint_rows.hpp"
#include "kernels/listen/text_verdict.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Keeps what the words of texts make of them, so that counting complaints does not read the texts
/// again: those of a run are judged when somebody asks first. A run that a merge made is known by the
/// sequences of its rows. Who never asks pays nothing.
///
/// Memory  2 bytes a row of runs with texts, and 2 for each of the latest kSequencesMax rows.
/// Thread-safe: who asks while texts are judged waits.
class VerdictIndex {
 public:
  static constexpr std::size_t kSequencesMax = std::size_t{1} << 28;

  explicit VerdictIndex(std::size_t sequences_max = kSequencesMax)
      : sequences_max_(sequences_max) {}

  /// The verdicts of all runs with texts in [from, to).
  /// Errors  Cancelled: `stop` fired.
  /// Cost    A look at each run; some 900 ns a text that was not judged yet, in parallel.
  absl::StatusOr<VerdictsOfRuns> of(const Snapshot& snapshot, TimeMs from, TimeMs to,
                                    const Stop& stop);

  /// Judges what came since, of the time that anybody asked for; nothing where nobody did.
  absl::Status follow(const Snapshot& snapshot, const Stop& stop);

  [[nodiscard]] std::uint64_t texts_read() const { return texts_read_; }

 private:
  static constexpr std::size_t kChunk = std::size_t{1} << 16;  // Sequences.
  using Chunk = std::array<TextVerdict, kChunk>;
  using Kept = std::vector<TextVerdict>;  // By row.
  struct RunVerdicts {
    std::weak_ptr<const Run> run;  // Ended: another one may stand at its place in memory.
    std::shared_ptr<const Kept> rows;
  };

  void judge(const Run& run, std::size_t begin, std::size_t end, Kept& rows);
  void note_sequences(const Run& run, const Kept& rows);
  void forget_oldest();

  const std::size_t sequences_max_;
  std::mutex mutex_;  // Guards what follows.
  std::optional<TimeMs> asked_from_;
  absl::flat_hash_map<const Run*, RunVerdicts> runs_;
  absl::flat_hash_map<std::uint64_t, std::unique_ptr<Chunk>> chunks_;
  std::atomic<std::uint64_t> texts_read_{0};
};

}  // namespace grapevine
