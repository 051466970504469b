#include "kernels/segment/place.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/block_places.hpp"
#include "kernels/segment/place_lanes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr double kEarthRadiusKm = 6371.0088;
constexpr double kRadian = std::numbers::pi / 180.0;
constexpr double kNearRadians = 0.1;  // So far the first terms of the series below do.
constexpr double kNearError = 1e-11;  // Relative; the first terms left out are below a tenth of it.

double squared_half_chord(double latitude_a, double longitude_a, double latitude_b,
                          double longitude_b) {
  const double by_latitude = std::sin((latitude_b - latitude_a) * kRadian / 2);
  const double by_longitude = std::sin((longitude_b - longitude_a) * kRadian / 2);
  return by_latitude * by_latitude + std::cos(latitude_a * kRadian) *
                                         std::cos(latitude_b * kRadian) * by_longitude *
                                         by_longitude;
}

// Keeps the bits for which `is_in(i)`.
template <typename IsIn>
void keep_bits(std::span<std::uint64_t> words, const IsIn& is_in) {
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(rest));
      const std::uint64_t out = is_in(w * 64 + bit) ? 0 : 1;
      words[w] &= ~(out << bit);
    }
  }
}

// Calls `body(first, last, block)` for one block of customers after the other.
template <typename Body>
absl::Status for_each_place(const Snapshot& snapshot, TimeMs as_of, ReadCounts* reads,
                            const Stop& stop, const Body& body) {
  const BlockPlaces places(snapshot, as_of, reads, stop);
  WorkerLocal<BlockPlaces::Block> blocks([] { return BlockPlaces::Block{}; });
  for_each_block(snapshot.customers().count(), BlockPlaces::kCustomers,
                 [&](std::size_t first, std::size_t last) {
                   if (stop.requested()) return;
                   BlockPlaces::Block& mine = blocks.mine();
                   places.fill(first, last, mine);
                   body(first, last, mine);
                 });
  if (stop.requested()) return absl::CancelledError("stopped while looking for places");
  return absl::OkStatus();
}

template <typename Area>
absl::StatusOr<CustomerSet> customers_in(const Snapshot& snapshot, TimeMs as_of, const Area& area,
                                         ReadCounts* reads, const Stop& stop) {
  CustomerSet set(snapshot.customers().count());
  GRAPEVINE_RETURN_IF_ERROR(for_each_place(
      snapshot, as_of, reads, stop,
      [&](std::size_t first, std::size_t last, const BlockPlaces::Block& block) {
        const auto words = set.words().subspan(first / 64, blocks_of(last - first, 64));
        std::copy_n(block.known.begin(), words.size(), words.begin());
        if (!block.latitudes.empty()) area.keep(block.latitudes, block.longitudes, words);
        block.by_events.for_each([&](std::size_t slot, double latitude, double longitude) {
          if (!area.has(latitude, longitude)) return;
          words[slot / 64] |= std::uint64_t{1} << (slot % 64);
        });
      }));
  return set;
}

}  // namespace

absl::StatusOr<Places> places_of(const Snapshot& snapshot, TimeMs as_of, ReadCounts* reads,
                                 const Stop& stop) {
  const std::size_t customers = snapshot.customers().count();
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  Places all{std::vector<double>(customers, kUnknown), std::vector<double>(customers, kUnknown)};
  const auto note = [&](std::size_t customer, double latitude, double longitude) {
    all.latitude[customer] = latitude;
    all.longitude[customer] = longitude;
  };
  GRAPEVINE_RETURN_IF_ERROR(for_each_place(
      snapshot, as_of, reads, stop,
      [&](std::size_t first, std::size_t last, const BlockPlaces::Block& block) {
        for (std::size_t slot = 0; slot < last - first; ++slot) {
          if (((block.known[slot / 64] >> (slot % 64)) & 1) == 0) continue;
          note(first + slot, block.latitudes[slot], block.longitudes[slot]);
        }
        block.by_events.for_each([&](std::size_t slot, double latitude, double longitude) {
          note(first + slot, latitude, longitude);
        });
      }));
  return all;
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

void InBox::keep(std::span<const double> latitudes, std::span<const double> longitudes,
                 std::span<std::uint64_t> words) const {
  std::array<std::uint64_t, BlockPlaces::kWords> inside;
  const auto of_words = std::span(inside).first(words.size());
  const bool is_plain = box_.west <= box_.east && box_.west > -180.0 && box_.east < 180.0;
  constexpr double kAny = std::numeric_limits<double>::infinity();
  const Range<double> meridians = is_plain ? Range{box_.west, box_.east} : Range{-kAny, kAny};
  accept_both(latitudes.first(words.size() * 64), {box_.south, box_.north},
              longitudes.first(words.size() * 64), meridians, of_words);
  for (std::size_t w = 0; w < words.size(); ++w) words[w] &= inside[w];
  if (is_plain) return;
  keep_bits(words, [&](std::size_t i) { return box_.has(latitudes[i], longitudes[i]); });
}

InCircle::InCircle(const Circle& circle)
    : around_(box_around(circle)),
      centre_{circle.latitude, circle.longitude, std::sin(circle.latitude * kRadian),
              std::cos(circle.latitude * kRadian)} {
  const double half_angle = std::min(circle.radius_km / kEarthRadiusKm / 2, std::numbers::pi / 2);
  most_ = std::sin(half_angle) * std::sin(half_angle);
  const Box box = box_around(circle);
  is_small_ = box.west < box.east && (box.east - box.west) * kRadian <= kNearRadians &&
              (box.north - box.south) * kRadian <= kNearRadians;
}

// Gathers some places at a time, because few of a block are around.
void InCircle::keep(std::span<const double> latitudes, std::span<const double> longitudes,
                    std::span<std::uint64_t> words) const {
  around_.keep(latitudes, longitudes, words);
  Some some;
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
      const std::size_t slot = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
      some.slots[some.size] = static_cast<std::uint32_t>(slot);
      some.latitudes[some.size] = latitudes[slot];
      some.longitudes[some.size] = longitudes[slot];
      ++some.size;
    }
    if (some.size + 64 > Some::kMost || w + 1 == words.size()) leave_out(some, words);
  }
}

// Distances are compared as half chords, which grow with them up to the antipode. Who is too near the
// edge for the series is decided by the sine itself.
void InCircle::leave_out(Some& some, std::span<std::uint64_t> words) const {
  std::array<double, Some::kMost> about;
  const auto of_some = std::span(about).first(some.size);
  if (is_small_) {
    near_half_chords(centre_, some.latitudes, some.longitudes, of_some);
  } else {
    std::fill(of_some.begin(), of_some.end(), most_);  // So that the sine decides of all.
  }
  for (std::size_t i = 0; i < some.size; ++i) {
    bool is_in = about[i] < most_;
    if (std::abs(about[i] - most_) <= kNearError * most_) {
      is_in = has_around(some.latitudes[i], some.longitudes[i]);
    }
    const std::uint64_t out = is_in ? 0 : 1;
    words[some.slots[i] / 64] &= ~(out << (some.slots[i] % 64));
  }
  some.size = 0;
}

bool InCircle::has_around(double latitude, double longitude) const {
  return squared_half_chord(centre_.latitude, centre_.longitude, latitude, longitude) <= most_;
}

absl::StatusOr<CustomerSet> customers_near(const Snapshot& snapshot, TimeMs as_of,
                                           const Circle& circle, ReadCounts* reads,
                                           const Stop& stop) {
  return customers_in(snapshot, as_of, InCircle(circle), reads, stop);
}

absl::StatusOr<CustomerSet> customers_in_box(const Snapshot& snapshot, TimeMs as_of, const Box& box,
                                             ReadCounts* reads, const Stop& stop) {
  return customers_in(snapshot, as_of, InBox(box), reads, stop);
}

}  // namespace grapevine
