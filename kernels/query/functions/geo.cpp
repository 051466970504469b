// Distances on the Earth in metres, and angles in degrees.
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"

namespace grapevine::sql {
namespace {

enum class Measure { SphereAngle, SphereMetres, Ellipsoid };

constexpr double kPi = std::numbers::pi;
// Of the sphere with the surface of the Earth (WGS84).
constexpr double kEarthDiameter = 2 * 6'371'007.180918474;
constexpr std::size_t kCosines = 1024;
constexpr std::size_t kArcs = 512;
constexpr std::size_t kLatitudes = 1024;

template <typename Value>
constexpr Value squared(Value value) {
  return value * value;
}

// Distances as ClickHouse computes them, from tables that are interpolated: within 0.001 % of the
// sphere's. Of places whose longitudes are less than 13 degrees apart on a plane (see also
// Agafonkin, cheap-ruler), of others by haversines.
template <typename Value>
class Distances {
 public:
  Distances() {
    for (std::size_t i = 0; i <= kCosines; ++i) {
      cosines_[i] = static_cast<Value>(std::cos(static_cast<double>(i) * 2 * kPi / kCosines));
    }
    for (std::size_t i = 0; i <= kArcs; ++i) {
      arcs_[i] = static_cast<Value>(std::asin(std::sqrt(static_cast<double>(i) / kArcs)));
    }
    for (std::size_t i = 0; i <= kLatitudes; ++i) {
      const double latitude = static_cast<double>(i) * (kPi / kLatitudes) - kPi * 0.5;
      along_meridian_[i] = static_cast<Value>(
          squared(111132.09 - 566.05 * std::cos(2 * latitude) + 1.20 * std::cos(4 * latitude)));
      along_parallel_[i] = static_cast<Value>(squared(111415.13 * std::cos(latitude) -
                                                      94.55 * std::cos(3 * latitude) +
                                                      0.12 * std::cos(5 * latitude)));
      sphere_metres_[i] =
          static_cast<Value>(squared((kEarthDiameter * kPi / 360) * std::cos(latitude)));
      sphere_degrees_[i] = static_cast<Value>(squared(std::cos(latitude)));
    }
  }

  template <Measure measure>
  [[nodiscard]] Value between(Value lon1, Value lat1, Value lon2, Value lat2) const {
    const Value lat = degrees_apart(lat1 - lat2);
    const Value lon = degrees_apart(lon1 - lon2);
    if (lon < 13) return on_plane<measure>((lat1 + lat2 + 180) * kLatitudes / 360, lat, lon);
    constexpr auto kRadians = static_cast<Value>(kPi / 180);
    constexpr auto kHalfRadians = static_cast<Value>(kPi / 360);
    const Value haversine =
        squared(sine(lat * kHalfRadians)) +
        cosine(lat1 * kRadians) * cosine(lat2 * kRadians) * squared(sine(lon * kHalfRadians));
    if constexpr (measure == Measure::SphereAngle) {
      return (Value{360} / static_cast<Value>(kPi)) * arc_sine_of_root(haversine);
    }
    return static_cast<Value>(kEarthDiameter) * arc_sine_of_root(haversine);
  }

 private:
  static Value degrees_apart(Value degrees) {
    const Value apart = std::abs(degrees);
    return apart > 180 ? 360 - apart : apart;
  }
  // A whole number of a float, of any that is too large 0: what stands there means nothing then.
  static std::size_t whole(Value value) {
    return value >= 0 && value < Value{1 << 30} ? static_cast<std::size_t>(value) : 0;
  }

  template <Measure measure>
  [[nodiscard]] Value on_plane(Value latitude, Value lat, Value lon) const {
    const std::size_t at = whole(latitude) & (kLatitudes - 1);
    const Value rest = latitude - static_cast<Value>(at);
    const auto of = [&](const auto& table) {
      return table[at] + (table[at + 1] - table[at]) * rest;
    };
    Value by_lat = 1;
    Value by_lon = 0;
    if constexpr (measure == Measure::SphereAngle) {
      by_lon = of(sphere_degrees_);
    } else if constexpr (measure == Measure::SphereMetres) {
      by_lat = squared(static_cast<Value>(kEarthDiameter * kPi / 360));
      by_lon = of(sphere_metres_);
    } else {
      by_lat = of(along_meridian_);
      by_lon = of(along_parallel_);
    }
    return std::sqrt(by_lat * lat * lat + by_lon * lon * lon);
  }

  // x is an angle in the tables' steps, `shift` of them on.
  [[nodiscard]] Value from_circle(Value x, std::size_t shift) const {
    const Value steps = std::abs(x) * (kCosines / static_cast<Value>(kPi) / Value{2});
    std::size_t at = whole(steps);
    const Value rest = steps - static_cast<Value>(at);
    at = (at + shift) & (kCosines - 1);
    return cosines_[at] + (cosines_[at + 1] - cosines_[at]) * rest;
  }
  [[nodiscard]] Value cosine(Value x) const { return from_circle(x, 0); }
  [[nodiscard]] Value sine(Value x) const { return from_circle(x, kCosines - kCosines / 4); }

  [[nodiscard]] Value arc_sine_of_root(Value x) const {
    if (x < static_cast<Value>(0.122)) {
      const Value y = std::sqrt(x);
      return y + x * y * static_cast<Value>(0.166666666666666) +
             x * x * y * static_cast<Value>(0.075) +
             x * x * x * y * static_cast<Value>(0.044642857142857);
    }
    if (x < static_cast<Value>(0.948)) {
      x *= kArcs;
      const std::size_t at = whole(x);
      return arcs_[at] + (arcs_[at + 1] - arcs_[at]) * (x - static_cast<Value>(at));
    }
    return std::asin(std::sqrt(x));
  }

  std::array<Value, kCosines + 1> cosines_;
  std::array<Value, kArcs + 1> arcs_;
  std::array<Value, kLatitudes + 1> along_meridian_;
  std::array<Value, kLatitudes + 1> along_parallel_;
  std::array<Value, kLatitudes + 1> sphere_metres_;
  std::array<Value, kLatitudes + 1> sphere_degrees_;
};

template <typename Value>
const Distances<Value>& distances() {
  static const Distances<Value>& only = *new Distances<Value>();
  return only;
}

template <Measure measure, typename Value>
Resolved resolved(TypeId id) {
  return {plain(id), [id](std::span<const ColumnPtr> arguments, std::size_t rows) {
            const Numbers<Value> lon1(arguments[0]);
            const Numbers<Value> lat1(arguments[1]);
            const Numbers<Value> lon2(arguments[2]);
            const Numbers<Value> lat2(arguments[3]);
            const Distances<Value>& known = distances<Value>();
            auto result = new_fixed(plain(id), rows);
            Value* const to = result->template fixed<Value>().data();
            for (std::size_t row = 0; row < rows; ++row) {
              to[row] = known.template between<measure>(lon1[row], lat1[row], lon2[row], lat2[row]);
            }
            return absl::StatusOr<ColumnPtr>(std::move(result));
          }};
}

// Longitude and latitude of one place, then of the other. In doubles if an argument is one.
template <Measure measure>
absl::StatusOr<Resolved> distance(const Call& call) {
  bool wide = false;
  for (std::size_t i = 0; i < 4; ++i) {
    if (!is_numeric(call.id(i))) return illegal_type(call, i);
    wide |= call.id(i) == TypeId::Float64;
  }
  return wide ? resolved<measure, double>(TypeId::Float64)
              : resolved<measure, float>(TypeId::Float32);
}

constexpr Definition kDefinitions[] = {
    {"greatCircleDistance", distance<Measure::SphereMetres>, 4, 4},
    {"greatCircleAngle", distance<Measure::SphereAngle>, 4, 4},
    {"geoDistance", distance<Measure::Ellipsoid>, 4, 4},
};

}  // namespace

std::span<const Definition> geo_functions() { return kDefinitions; }

}  // namespace grapevine::sql
