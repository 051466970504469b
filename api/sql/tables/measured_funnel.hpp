#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "api/sql/bind/bound.hpp"
#include "api/sql/tables/event_conditions.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/aggregates/funnel_shape.hpp"
#include "kernels/segment/plain_sequence.hpp"

namespace grapevine::sql {

/// A windowFunnel of each customer's rows, followed as the sequences of segments are. Any number of
/// threads may ask.
class MeasuredFunnel {
 public:
  /// The milliseconds of a moment, where `time` is the time of rows in milliseconds or seconds and
  /// nothing else; nullopt: it is not. Both are exact for rows from `first` to `last`.
  static std::optional<TimeMs> unit_of(const BoundPtr& time, std::span<const EventColumn> columns,
                                       TimeMs first, TimeMs last);
  /// Whether sequences can answer it: nothing is strict but that times increase.
  static bool can_follow(const FunnelShape& shape) {
    return !shape.strict_order && !shape.strict_deduplication;
  }

  MeasuredFunnel(const FunnelShape& shape, TimeMs unit_ms, std::vector<EventSelection> steps);
  /// Before the first question. `scan` outlives it.
  void open(const Snapshot& snapshot, const EventScan& scan);
  /// The levels of customers [first, last): see PlainSequence::levels.
  std::vector<std::uint8_t> levels(std::size_t first, std::size_t last, const Stop& stop) const;

 private:
  Sequence sequence_;
  PlainSequence::Moments moments_;
  std::optional<PlainSequence> plain_;
  mutable std::optional<WorkerLocal<PlainSequence::Worker>> workers_;
};

}  // namespace grapevine::sql
