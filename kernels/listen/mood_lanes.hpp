#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "storage/real_values.hpp"

namespace grapevine {

/// A score beyond it, up or down, is a mood. Scores are floats, and so is the bound.
inline constexpr double kMoodScore = 0.05F;

/// What scores of sentiment add to counts, in the widest vectors that the processor has.
///
/// Shapes  moods, sums: an element a score. A mood is 1 where the score is neutral, 2 where it is
///         positive, 3 where it is negative. A sum is the score, cut to [-1, 1], in units of 2^-32,
///         rounded to the nearest, ties to even.
void note_moods(std::span<const double> scores, std::span<std::int64_t> moods,
                std::span<std::int64_t> sums);
/// The same of the rows of a run from `begin` on, a row an element.
void note_moods(const RealValues& scores, std::size_t begin, std::span<std::int64_t> moods,
                std::span<std::int64_t> sums);

}  // namespace grapevine
