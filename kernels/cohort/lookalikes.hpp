#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/customers.hpp"

namespace grapevine {

/// An attribute by which customers are held alike.
struct LikenessTrait {
  const AttributeColumn* column = nullptr;  ///< Never null where a kernel is asked.
  std::int64_t band = 1;  ///< Integers alike: v and w where floor(v / band) = floor(w / band).
};

/// A customer who is like the members of a set, and how much.
struct Lookalike {
  CustomerId customer{};
  std::int64_t score = 0;  ///< The log-odds of being a member, up to a constant, in millionths.

  friend bool operator==(const Lookalike&, const Lookalike&) = default;
};

/// The `most` others of a population who are most like its members: naive Bayes. A value v of a
/// trait weighs ln((m + 1) / (M + V)) − ln((o + 1) / (O + V)), where m of the M members and o of the O
/// others with the trait have v, and V different values occur; it is rounded to millionths. A score is
/// the sum over the traits that a customer has. The likest come first; of equal ones those who
/// appeared first.
///
/// Shapes  Both sets range over the snapshot's customers. Members outside of the population, and
///         everyone else outside, are as if they were not.
/// Errors  InvalidArgument: a trait of floats or times, or of integers more than 2^20 apart; a band below 1; more
///         than 64 traits. Cancelled.
/// Cost    Two passes over the columns of the traits; 4 to 16 bytes a value and thread.
/// Source  Manning, Raghavan & Schütze, "Introduction to Information Retrieval", Cambridge 2008,
///         section 13.2 (with add-one smoothing).
absl::StatusOr<std::vector<Lookalike>> find_lookalikes(std::span<const LikenessTrait> traits,
                                                       const CustomerSet& members,
                                                       const CustomerSet& population,
                                                       std::size_t most, const Stop& stop);

}  // namespace grapevine
