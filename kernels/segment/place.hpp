#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_rows.hpp"
#include "kernels/segment/place_lanes.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Where customers are, in degrees: a number a customer, NaN for those of whom it is not known.
struct Places {
  std::vector<double> latitude;   ///< -90 to 90.
  std::vector<double> longitude;  ///< -180 to 180.
};

/// A customer is where their attributes `latitude` and `longitude` say, where both are numbers and
/// a place on earth; else where their last event with such a `latitude` and `longitude` until
/// `as_of` (that moment included) was; of several at the same time the one that arrived last.
///
/// Errors  Cancelled: `stop` fired.
/// Cost    One pass over the attributes; over customers, times and both columns of the runs that
///         have them, for the customers without the attributes; 16 bytes a customer.
absl::StatusOr<Places> places_of(const Snapshot& snapshot, TimeMs as_of, ReadCounts* reads,
                                 const Stop& stop);

/// What is within `radius_km` of a place along a great circle, on a sphere of the earth's mean
/// radius, 6,371.0088 km.
struct Circle {
  double latitude = 0.0;
  double longitude = 0.0;
  double radius_km = 0.0;
};

/// What is between two parallels and two meridians, those included; across the antimeridian where
/// `west` is more than `east`.
struct Box {
  double south = 0.0;
  double west = 0.0;
  double north = 0.0;
  double east = 0.0;

  [[nodiscard]] bool has(double latitude, double longitude) const {
    return latitude >= south && latitude <= north &&
           (has_meridian(longitude) || (longitude == 180.0 && has_meridian(-180.0)) ||
            (longitude == -180.0 && has_meridian(180.0)));
  }

 private:
  [[nodiscard]] bool has_meridian(double longitude) const {
    return west > east ? longitude >= west || longitude <= east
                       : longitude >= west && longitude <= east;
  }
};

/// The great-circle distance by the haversine formula.
/// Source  Sinnott, Sky and Telescope 68 (1984) 159. Mean radius: Moritz, Journal of Geodesy 74
///         (2000) 128-133.
double great_circle_km(double latitude_a, double longitude_a, double latitude_b,
                       double longitude_b);

/// A box that holds the whole circle.
Box box_around(const Circle& circle);

/// Who of some places is in a box.
class InBox {
 public:
  explicit InBox(const Box& box) : box_(box) {}
  [[nodiscard]] bool has(double latitude, double longitude) const {
    return box_.has(latitude, longitude);
  }
  /// Keeps the bits of the places that are in. Shapes: 64 places for each of at most 128 words.
  void keep(std::span<const double> latitudes, std::span<const double> longitudes,
            std::span<std::uint64_t> words) const;

 private:
  Box box_;
};

/// Who of some places is in a circle. Near its edge rounding decides.
class InCircle {
 public:
  explicit InCircle(const Circle& circle);
  [[nodiscard]] bool has(double latitude, double longitude) const {
    return around_.has(latitude, longitude) && has_around(latitude, longitude);
  }
  /// As that of InBox. Cost: some 20 operations for each place in the box around, in lanes.
  void keep(std::span<const double> latitudes, std::span<const double> longitudes,
            std::span<std::uint64_t> words) const;

 private:
  // Places that are looked at together: the first `size`.
  struct Some {
    static constexpr std::size_t kMost = 512;
    std::size_t size = 0;
    std::array<std::uint32_t, kMost> slots;
    std::array<double, kMost> latitudes, longitudes;
  };

  // Takes out the bits of those that are not in the circle. Forgets them.
  void leave_out(Some& some, std::span<std::uint64_t> words) const;
  [[nodiscard]] bool has_around(double latitude, double longitude) const;

  InBox around_;
  Centre centre_;
  double most_ = 0.0;      // The squared half chord of the radius.
  bool is_small_ = false;  // No place around is far from the centre, nor beyond the antimeridian.
};

/// Who is in the circle, or in the box, as of a moment. `reads`: told what was read, where set.
/// Errors as above. Cost: as `places_of`, but no memory; trigonometry for a few at the circle's edge.
absl::StatusOr<CustomerSet> customers_near(const Snapshot& snapshot, TimeMs as_of,
                                           const Circle& circle, ReadCounts* reads,
                                           const Stop& stop);
absl::StatusOr<CustomerSet> customers_in_box(const Snapshot& snapshot, TimeMs as_of, const Box& box,
                                             ReadCounts* reads, const Stop& stop);

}  // namespace grapevine
