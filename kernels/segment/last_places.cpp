#include "kernels/segment/last_places.hpp"

#include <bit>
#include <utility>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

bool is_place(double latitude, double longitude) {
  return latitude >= -90.0 && latitude <= 90.0 && longitude >= -180.0 && longitude <= 180.0;
}

// Calls `body(row)` for those of some rows that have a latitude, the last one first.
template <typename Body>
void for_each_from_the_end(const PlaceRun& run, RowRange rows, const Body& body) {
  for (std::size_t w = blocks_of(rows.end, 64); w-- > rows.begin / 64;) {
    std::uint64_t word =
        run.latitude->present.empty() ? ~std::uint64_t{0} : run.latitude->present[w];
    if (rows.end - w * 64 < 64) word &= (std::uint64_t{1} << (rows.end - w * 64)) - 1;
    if (w == rows.begin / 64) word &= ~std::uint64_t{0} << (rows.begin % 64);
    while (word != 0) {
      const int bit = 63 - std::countl_zero(word);
      word ^= std::uint64_t{1} << bit;
      body(w * 64 + static_cast<std::size_t>(bit));
    }
  }
}

}  // namespace

// The runs that have places from before a moment.
std::vector<PlaceRun> runs_with_places(const Snapshot& snapshot, TimeMs as_of, ReadCounts* reads) {
  std::vector<PlaceRun> runs;
  for (const auto& part : snapshot.parts()) {
    const std::size_t before = runs.size();
    for (const LiveRun& live : part->runs) {
      if (live->first > as_of) continue;
      const RunColumn* latitude = live->column(column_id(CoreColumn::Latitude));
      const RunColumn* longitude = live->column(column_id(CoreColumn::Longitude));
      if (latitude == nullptr || longitude == nullptr) continue;
      const auto* latitudes = std::get_if<RealValues>(&latitude->values);
      const auto* longitudes = std::get_if<RealValues>(&longitude->values);
      if (latitudes == nullptr || longitudes == nullptr) continue;
      runs.push_back({&live, latitude, longitude, latitudes, longitudes});
    }
    if (reads == nullptr) continue;
    ++(runs.size() != before ? reads->parts : reads->parts_skipped);
  }
  return runs;
}

void LastPlaces::reset(std::size_t first, std::size_t last, const Persons& persons,
                       std::span<const std::uint64_t> known) {
  first_ = first;
  wanted_.clear();
  for (std::size_t w = 0; w * 64 < last - first; ++w) {
    for (std::uint64_t rest = ~known[w]; rest != 0; rest &= rest - 1) {
      const std::size_t slot = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
      if (slot >= last - first) break;
      if (!persons.is_person(CustomerId(static_cast<std::uint32_t>(first + slot)))) continue;
      if (wanted_.empty()) number_of_.assign(last - first, kNone);
      number_of_[slot] = static_cast<std::uint16_t>(wanted_.size());
      wanted_.push_back({.slot = slot});
    }
  }
}

// A customer's rows ascend in time, so the last one with a place comes first from the end.
void LastPlaces::look_at(const PlaceRun& run, RowRange rows, TimeMs as_of) {
  const std::uint16_t* lows = (*run.live)->customers.lows().data();
  const auto first_low = static_cast<std::uint16_t>(first_);
  for_each_from_the_end(run, rows, [&](std::size_t row) {
    const std::uint16_t number = number_of_[lows[row] - first_low];
    if (number != kNone && wanted_[number].known_in != run.live) {
      look_at_row(run, row, as_of, wanted_[number]);
    }
  });
}

// Precondition: the row has a latitude.
void LastPlaces::look_at_row(const PlaceRun& run, std::size_t row, TimeMs as_of, Wanted& latest) {
  const LiveRun& live = *run.live;
  if (live.is_dead(row) || !run.longitude->has(row)) return;
  const TimeMs time = live->time(row);
  if (time > as_of) return;
  const std::uint64_t sequence = live->sequences.at(row);
  if (latest.any && std::pair(time, sequence) < std::pair(latest.time, latest.sequence)) {
    latest.known_in = run.live;
    return;
  }
  const double latitude = run.latitudes->at(row);
  const double longitude = run.longitudes->at(row);
  if (!is_place(latitude, longitude)) return;
  latest = {latest.slot, run.live, time, sequence, latitude, longitude, true};
}

}  // namespace grapevine
