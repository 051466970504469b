#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/listen/topic_rows.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What texts about a topic amount to.
struct TopicCounts {
  std::uint64_t mentions = 0;
  std::uint64_t people = 0;  ///< Whose they are.
  TimeMs first = 0;          ///< The earliest and the latest; of none it means nothing.
  TimeMs last = 0;

  friend bool operator==(const TopicCounts&, const TopicCounts&) = default;
};

/// Counts rows up to `as_of` that are not dead. Precondition: `topic` is of the snapshot.
/// Cost  A look at each row about the topic, and a bit of memory a customer.
TopicCounts count_topic(const Snapshot& snapshot, const TopicRows& topic, TimeMs as_of);

}  // namespace grapevine
