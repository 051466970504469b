#pragma once

#include <cstdint>
#include <span>

#include "kernels/segment/value_test.hpp"

namespace grapevine {

// The innermost loops over places, in the widest vectors that the processor has.

/// Which pairs of numbers are in both ranges. Shapes: as of scan_lanes.hpp.
void accept_both(std::span<const double> latitudes, Range<double> of_latitude,
                 std::span<const double> longitudes, Range<double> of_longitude,
                 std::span<std::uint64_t> accepted);

/// A place, with the sine and the cosine of its latitude; degrees.
struct Centre {
  double latitude = 0.0;
  double longitude = 0.0;
  double sine = 0.0;
  double cosine = 0.0;
};

/// The squared half chords (on the unit sphere) from a place to others, by the first terms of the
/// series of sine and cosine: of places within 0.1 radians, errors are below 1e-12 of them.
/// Shapes  One for each of the others.
void near_half_chords(const Centre& centre, std::span<const double> latitudes,
                      std::span<const double> longitudes, std::span<double> squared);

}  // namespace grapevine
