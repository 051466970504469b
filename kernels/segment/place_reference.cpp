#include "kernels/segment/place_reference.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <tuple>
#include <variant>

#include "kernels/segment/window_reference.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

using Vector = std::array<double, 3>;

Vector vector_to(double latitude, double longitude) {
  const double north = latitude * std::numbers::pi / 180;
  const double east = longitude * std::numbers::pi / 180;
  return {std::cos(north) * std::cos(east), std::cos(north) * std::sin(east), std::sin(north)};
}

std::optional<double> attribute(const CustomerTable& customers, const char* name, std::size_t i) {
  const AttributeColumn* column = customers.attribute(name);
  const CustomerId customer{static_cast<std::uint32_t>(i)};
  const AttributeChunk* chunk = column != nullptr ? column->chunk_of(customer) : nullptr;
  const std::size_t slot = i % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return std::nullopt;
  if (column->type == ValueType::Int64) {
    return static_cast<double>(std::get<std::vector<std::int64_t>>(chunk->values)[slot]);
  }
  if (column->type == ValueType::Float64) return std::get<std::vector<double>>(chunk->values)[slot];
  return std::nullopt;
}

std::optional<double> value(const Run& run, std::size_t row, CoreColumn id) {
  const RunColumn* column = run.column(column_id(id));
  if (column == nullptr || !column->has(row)) return std::nullopt;
  return std::get<RealValues>(column->values).at(row);
}

bool is_on_earth(std::optional<double> latitude, std::optional<double> longitude) {
  return latitude && longitude && std::abs(*latitude) <= 90 && std::abs(*longitude) <= 180;
}

}  // namespace

double great_circle_km_reference(double latitude_a, double longitude_a, double latitude_b,
                                 double longitude_b) {
  const Vector a = vector_to(latitude_a, longitude_a);
  const Vector b = vector_to(latitude_b, longitude_b);
  const double dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const double cross =
      std::hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
  return 6371.0088 * std::atan2(cross, dot);
}

Places places_of_reference(const Snapshot& snapshot, TimeMs as_of) {
  using Seen = std::tuple<TimeMs, std::uint64_t, double, double>;
  const std::size_t customers = snapshot.customers().count();
  std::vector<std::vector<Seen>> seen(customers);
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    const auto latitude = value(run, row, CoreColumn::Latitude);
    const auto longitude = value(run, row, CoreColumn::Longitude);
    if (run.time(row) > as_of || !is_on_earth(latitude, longitude)) return;
    seen[index(run.customers[row])].emplace_back(run.time(row), run.sequences.at(row), *latitude,
                                                 *longitude);
  });
  Places places;
  for (std::size_t i = 0; i < customers; ++i) {
    auto latitude = attribute(snapshot.customers(), "latitude", i);
    auto longitude = attribute(snapshot.customers(), "longitude", i);
    if (!is_on_earth(latitude, longitude)) {
      latitude = longitude = std::numeric_limits<double>::quiet_NaN();
      if (!seen[i].empty()) {
        const Seen last = *std::max_element(seen[i].begin(), seen[i].end());
        latitude = std::get<2>(last);
        longitude = std::get<3>(last);
      }
    }
    places.latitude.push_back(*latitude);
    places.longitude.push_back(*longitude);
  }
  return places;
}

}  // namespace grapevine
