#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "storage/part.hpp"
#include "storage/real_values.hpp"

namespace grapevine {

/// Reads in what mood the rows of a run are. Immutable; any number of threads may read as long as
/// the run lives.
class MoodReader {
 public:
  static constexpr std::size_t kReadTogether = RealValues::kReadTogether;

  /// Cost: two binary searches of what a score may be.
  explicit MoodReader(const Run& run);

  /// Fills `moods` with those of the rows from `begin` on: as note_moods has them, and 0 where
  /// there is no score. Precondition: at most kReadTogether of them. Cost: about a cycle a row where
  /// scores are kept as decimals.
  void read(std::size_t begin, std::span<std::uint8_t> moods) const;

 private:
  // Scores that are kept as offsets that ascend with them: no score is turned into a double.
  struct Bounds {
    std::uint64_t positive;  // From this offset on.
    std::uint64_t neutral;   // From this one on, and below it negative.
  };
  void compare(const Bounds& bounds, std::size_t begin, std::span<std::uint8_t> moods) const;

  const RunColumn* column_ = nullptr;  // nullptr: no row has a score.
  const RealValues* scores_ = nullptr;
  std::optional<Bounds> bounds_;
};

}  // namespace grapevine
