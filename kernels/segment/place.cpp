#include "kernels/segment/place.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <numbers>
#include <utility>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/real_blocks.hpp"
#include "kernels/segment/select_customers.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr double kEarthRadiusKm = 6371.0088;
constexpr double kRadian = std::numbers::pi / 180.0;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

bool is_place(double latitude, double longitude) {
  return latitude >= -90.0 && latitude <= 90.0 && longitude >= -180.0 && longitude <= 180.0;
}

// What an attribute says of a customer, as a number; NaN where it says none.
double number_of(const AttributeColumn& column, CustomerId customer) {
  const AttributeChunk* chunk = column.chunk_of(customer);
  const std::size_t slot = index(customer) % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return kUnknown;
  if (const auto* real = std::get_if<std::vector<double>>(&chunk->values)) return (*real)[slot];
  if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&chunk->values)) {
    return static_cast<double>((*whole)[slot]);
  }
  return kUnknown;
}

bool is_number(const AttributeColumn* column) {
  return column != nullptr &&
         (column->type == ValueType::Int64 || column->type == ValueType::Float64);
}

// The last place among the events of a block of customers whose attributes say none.
class LastPlaces {
 public:
  void reset(std::size_t first, const Places& places, std::size_t last) {
    first_ = first;
    latest_.assign(last - first, {});
    for (std::size_t i = first; i < last; ++i) {
      latest_[i - first].is_wanted = std::isnan(places.latitude[i]);
    }
  }

  void look_at(const LiveRun& live, RowRange rows, TimeMs as_of) {
    const Run& run = *live;
    const auto* latitudes = reals(run, CoreColumn::Latitude);
    const auto* longitudes = reals(run, CoreColumn::Longitude);
    const RunColumn& of_latitude = *run.column(column_id(CoreColumn::Latitude));
    const RunColumn& of_longitude = *run.column(column_id(CoreColumn::Longitude));
    // A customer's rows ascend in time, so the last one with a place is looked for from the end.
    const auto look_back = [&](std::size_t begin, std::size_t end, CustomerId customer) {
      Latest& latest = latest_[index(customer) - first_];
      for (std::size_t row = end; latest.is_wanted && row-- > begin;) {
        if (live.is_dead(row) || !of_latitude.has(row) || !of_longitude.has(row)) continue;
        const TimeMs time = run.time(row);
        if (time > as_of) continue;
        const std::uint64_t sequence = run.sequences.at(row);
        if (latest.any && std::pair(time, sequence) < std::pair(latest.time, latest.sequence))
          break;
        const double latitude = latitudes->at(row);
        const double longitude = longitudes->at(row);
        if (!is_place(latitude, longitude)) continue;
        latest = {time, sequence, latitude, longitude, true, true};
        break;
      }
    };
    std::size_t begin = rows.begin;
    CustomerId whose = run.customers[rows.begin];
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      if (customer == whose) return;
      look_back(begin, row, whose);
      begin = row;
      whose = customer;
    });
    look_back(begin, rows.end, whose);
  }

  void write(Places& places) const {
    for (std::size_t i = 0; i < latest_.size(); ++i) {
      if (!latest_[i].any) continue;
      places.latitude[first_ + i] = latest_[i].latitude;
      places.longitude[first_ + i] = latest_[i].longitude;
    }
  }

  // nullptr: no row of the run has a number there.
  static const RealValues* reals(const Run& run, CoreColumn column) {
    const RunColumn* found = run.column(column_id(column));
    return found != nullptr ? std::get_if<RealValues>(&found->values) : nullptr;
  }

 private:
  struct Latest {
    TimeMs time = 0;
    std::uint64_t sequence = 0;
    double latitude = 0.0;
    double longitude = 0.0;
    bool any = false;
    bool is_wanted = false;
  };
  std::size_t first_ = 0;
  std::vector<Latest> latest_;
};

// The runs that have places from before a moment.
std::vector<const LiveRun*> runs_with_places(const Snapshot& snapshot, TimeMs as_of,
                                             ReadCounts* reads) {
  std::vector<const LiveRun*> runs;
  for (const auto& part : snapshot.parts()) {
    const std::size_t before = runs.size();
    for (const LiveRun& run : part->runs) {
      if (run->first > as_of) continue;
      if (LastPlaces::reals(*run, CoreColumn::Latitude) == nullptr) continue;
      if (LastPlaces::reals(*run, CoreColumn::Longitude) != nullptr) runs.push_back(&run);
    }
    if (reads == nullptr) continue;
    ++(runs.size() != before ? reads->parts : reads->parts_skipped);
  }
  return runs;
}

double squared_half_chord(double latitude_a, double longitude_a, double latitude_b,
                          double longitude_b) {
  const double by_latitude = std::sin((latitude_b - latitude_a) * kRadian / 2);
  const double by_longitude = std::sin((longitude_b - longitude_a) * kRadian / 2);
  return by_latitude * by_latitude + std::cos(latitude_a * kRadian) *
                                         std::cos(latitude_b * kRadian) * by_longitude *
                                         by_longitude;
}

// Who of all has a place that is in.
template <typename IsIn>
absl::StatusOr<CustomerSet> customers_at(const Places& places, const Stop& stop,
                                         const IsIn& is_in) {
  CustomerSet set(places.latitude.size());
  for_each_block(set.customers(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    add_customers(
        first, last,
        [&](std::size_t i) {
          return is_in(places.latitude[first + i], places.longitude[first + i]);
        },
        set);
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking at places");
  return set;
}

}  // namespace

absl::StatusOr<Places> places_of(const Snapshot& snapshot, TimeMs as_of, ReadCounts* reads,
                                 const Stop& stop) {
  const CustomerTable& customers = snapshot.customers();
  const AttributeColumn* latitude = customers.attribute("latitude");
  const AttributeColumn* longitude = customers.attribute("longitude");
  const bool has_attributes = is_number(latitude) && is_number(longitude);
  const auto runs = runs_with_places(snapshot, as_of, reads);
  Places places{std::vector<double>(customers.count(), kUnknown),
                std::vector<double>(customers.count(), kUnknown)};
  WorkerLocal<LastPlaces> workers([] { return LastPlaces{}; });
  for_each_block(customers.count(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; has_attributes && i < last; ++i) {
      const CustomerId customer{static_cast<std::uint32_t>(i)};
      const double north = number_of(*latitude, customer);
      const double east = number_of(*longitude, customer);
      if (!is_place(north, east)) continue;
      places.latitude[i] = north;
      places.longitude[i] = east;
    }
    LastPlaces& mine = workers.mine();
    mine.reset(first, places, last);
    for (const LiveRun* run : runs) {
      if (stop.requested()) return;
      const RowRange rows = rows_of_customers(**run, first, last);
      if (rows.begin == rows.end) continue;
      mine.look_at(*run, rows, as_of);
      constexpr std::uint64_t kBytesPerRow = 14;  // Customer, time and two floats.
      if (reads != nullptr) reads->rows += rows.end - rows.begin;
      if (reads != nullptr) reads->bytes += (rows.end - rows.begin) * kBytesPerRow;
    }
    mine.write(places);
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for places");
  return places;
}

double great_circle_km(double latitude_a, double longitude_a, double latitude_b,
                       double longitude_b) {
  const double half = squared_half_chord(latitude_a, longitude_a, latitude_b, longitude_b);
  return 2 * kEarthRadiusKm * std::asin(std::sqrt(std::min(half, 1.0)));
}

Box box_around(const Circle& circle) {
  constexpr double kSlack = 1e-9;                          // Degrees: more than all rounding here.
  const double angle = circle.radius_km / kEarthRadiusKm;  // Radians.
  const double degrees = angle / kRadian + kSlack;
  Box box{circle.latitude - degrees, -180.0, circle.latitude + degrees, 180.0};
  if (box.south <= -90.0 || box.north >= 90.0) return box;  // A pole: all longitudes.
  // The meridians that touch the circle; no pole is in it, so the quotient is at most 1.
  const double sine = std::sin(angle) / std::cos(circle.latitude * kRadian);
  const double half_width = std::asin(std::min(sine, 1.0)) / kRadian + kSlack;
  box.west = circle.longitude - half_width;
  box.east = circle.longitude + half_width;
  if (box.west < -180.0) box.west += 360.0;
  if (box.east > 180.0) box.east -= 360.0;
  return box;
}

absl::StatusOr<CustomerSet> customers_near(const Places& places, const Circle& circle,
                                           const Stop& stop) {
  const Box box = box_around(circle);
  // Distances are compared as half chords, which grow with them up to the antipode.
  const double half_angle = std::min(circle.radius_km / kEarthRadiusKm / 2, std::numbers::pi / 2);
  const double most = std::sin(half_angle) * std::sin(half_angle);
  return customers_at(places, stop, [&](double latitude, double longitude) {
    return box.has(latitude, longitude) &&
           squared_half_chord(circle.latitude, circle.longitude, latitude, longitude) <= most;
  });
}

absl::StatusOr<CustomerSet> customers_in_box(const Places& places, const Box& box,
                                             const Stop& stop) {
  return customers_at(places, stop, [&](double latitude, double longitude) {
    return box.has(latitude, longitude);
  });
}

}  // namespace grapevine
