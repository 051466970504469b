#include "kernels/segment/block_places.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/place_lanes.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

using Words = std::array<std::uint64_t, BlockPlaces::kWords>;

bool is_number(const AttributeColumn* column) {
  return column != nullptr &&
         (column->type == ValueType::Int64 || column->type == ValueType::Float64);
}

// The numbers of a chunk as doubles; empty where it has none.
std::span<const double> reals_of(const AttributeChunk& chunk, std::vector<double>& converted) {
  if (const auto* reals = std::get_if<std::vector<double>>(&chunk.values)) return *reals;
  const auto* whole = std::get_if<std::vector<std::int64_t>>(&chunk.values);
  if (whole == nullptr) return {};
  converted.resize(whole->size());
  std::transform(whole->begin(), whole->end(), converted.begin(),
                 [](std::int64_t number) { return static_cast<double>(number); });
  return converted;
}

void keep(Words& words, const Words& others) {
  for (std::size_t w = 0; w < words.size(); ++w) words[w] &= others[w];
}

}  // namespace

BlockPlaces::BlockPlaces(const Snapshot& snapshot, TimeMs as_of, ReadCounts* reads,
                         const Stop& stop)
    : snapshot_(snapshot),
      latitude_(snapshot.customers().attribute("latitude")),
      longitude_(snapshot.customers().attribute("longitude")),
      as_of_(as_of),
      reads_(reads),
      stop_(stop),
      runs_(runs_with_places(snapshot, as_of, reads)) {
  if (!is_number(latitude_) || !is_number(longitude_)) latitude_ = nullptr;
}

void BlockPlaces::fill(std::size_t first, std::size_t last, Block& block) const {
  block.known.fill(0);
  if (latitude_ != nullptr) read_attributes(first, block);
  block.by_events.reset(first, last, snapshot_.customers().persons(), block.known);
  if (block.by_events.any_wanted()) read_events(first, last, block.by_events);
}

void BlockPlaces::read_attributes(std::size_t first, Block& block) const {
  const CustomerId customer{static_cast<std::uint32_t>(first)};
  const AttributeChunk* latitudes = latitude_->chunk_of(customer);
  const AttributeChunk* longitudes = longitude_->chunk_of(customer);
  if (latitudes == nullptr || longitudes == nullptr) return;
  block.latitudes = reals_of(*latitudes, block.converted_latitudes_);
  block.longitudes = reals_of(*longitudes, block.converted_longitudes_);
  if (block.latitudes.empty() || block.longitudes.empty()) return;
  accept_both(block.latitudes, {-90.0, 90.0}, block.longitudes, {-180.0, 180.0}, block.known);
  keep(block.known, latitudes->present);
  keep(block.known, longitudes->present);
}

void BlockPlaces::read_events(std::size_t first, std::size_t last, LastPlaces& places) const {
  for (const PlaceRun& run : runs_) {
    if (stop_.requested()) return;
    const RowRange rows = rows_of_customers(**run.live, first, last);
    if (rows.begin == rows.end) continue;
    places.look_at(run, rows, as_of_);
    constexpr std::uint64_t kBytesPerRow = 14;  // Customer, time and two floats.
    if (reads_ != nullptr) reads_->rows += rows.end - rows.begin;
    if (reads_ != nullptr) reads_->bytes += (rows.end - rows.begin) * kBytesPerRow;
  }
}

}  // namespace grapevine
