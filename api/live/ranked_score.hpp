#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/customers.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// How far an estimated score may be off.
struct ScoreError {
  std::string kind;         ///< "absolute": of every one of them; "relative": root mean square.
  double error = 0.0;       ///< At most, or on average, as `kind` says.
  double confidence = 0.0;  ///< That a bound on all holds; 0 where it is an average.
};

/// A score of people, and their order by it.
struct RankedScore {
  std::vector<CustomerId> people;    ///< Ascending.
  std::vector<double> values;        ///< Parallel to `people`.
  std::vector<std::uint32_t> order;  ///< Places in `people`: largest first; equal ones by id.
  std::vector<std::uint32_t> ranks;  ///< Parallel to `people`: the place in `order`, from 1.
  std::optional<ScoreError> error;   ///< None: exact.
  bool repaired = false;  ///< Made from earlier scores: as exact, but perhaps of other last bits.

  /// The place of a customer in `people`; nothing for who has no score. Cost: O(log n).
  [[nodiscard]] std::optional<std::size_t> find(CustomerId customer) const;
};

/// Puts people in order by their values; those of equal values by the bytes of their ids.
/// Cost: a parallel sort.
RankedScore rank_people(std::vector<CustomerId> people, std::vector<double> values,
                        const CustomerNames& names);

}  // namespace grapevine
