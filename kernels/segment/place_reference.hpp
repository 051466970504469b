#pragma once

#include "kernels/segment/place.hpp"

namespace grapevine {

/// The great-circle distance as the angle between two vectors from the middle of the earth.
double great_circle_km_reference(double latitude_a, double longitude_a, double latitude_b,
                                 double longitude_b);

/// What `places_of` must answer: all places of a customer's events are listed and sorted.
Places places_of_reference(const Snapshot& snapshot, TimeMs as_of);

}  // namespace grapevine
