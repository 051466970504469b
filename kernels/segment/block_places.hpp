#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/event_rows.hpp"
#include "kernels/segment/last_places.hpp"
#include "storage/customers.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Where the customers of one block after the other are, as `places_of` says it. Immutable; any number
/// of threads may fill blocks of their own, as long as the snapshot lives.
class BlockPlaces {
 public:
  static constexpr std::size_t kCustomers = AttributeChunk::kCustomers;
  static constexpr std::size_t kWords = kCustomers / 64;

  /// A block of customers, by slot: their number less the block's first.
  struct Block {
    std::span<const double> latitudes;        ///< kCustomers; what is not known means nothing.
    std::span<const double> longitudes;       ///< Likewise.
    std::array<std::uint64_t, kWords> known;  ///< A bit a slot, 1 = attributes say a place.
    LastPlaces by_events;                     ///< Of people of whom they do not.

   private:
    friend class BlockPlaces;
    std::vector<double> converted_latitudes_, converted_longitudes_;
  };

  /// `reads`: told what was read, where set.
  BlockPlaces(const Snapshot& snapshot, TimeMs as_of, ReadCounts* reads, const Stop& stop);

  /// Precondition: `first` is a multiple of kCustomers, and `last` at most as many more.
  void fill(std::size_t first, std::size_t last, Block& block) const;

 private:
  void read_attributes(std::size_t first, Block& block) const;
  void read_events(std::size_t first, std::size_t last, LastPlaces& places) const;

  const Snapshot& snapshot_;
  const AttributeColumn* latitude_;  // nullptr: places are in events alone.
  const AttributeColumn* longitude_;
  TimeMs as_of_;
  ReadCounts* reads_;
  const Stop& stop_;
  std::vector<PlaceRun> runs_;
};

}  // namespace grapevine
