#pragma once

#include <optional>
#include <span>
#include <vector>

#include "api/sql/bind/bound.hpp"
#include "api/sql/bind/value_set.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine::sql {

/// What a column of `events` is kept as.
struct EventColumn {
  enum class Of : std::uint8_t { Time, Event, Customer, Target, EventId, Stored, Unread };
  Of of = Of::Stored;
  ColumnId id{};  ///< Of Stored.
};

/// Conditions of a query as what the store can look for by its order, ranges and dictionaries.
struct EventConditions {
  EventSelection selection;
  std::optional<std::vector<CustomerId>> customers;  ///< Rows of these alone, ascending.
  /// Sets that whose a row is must be in, or not.
  struct Among {
    std::shared_ptr<const ValueSet> set;
    bool negated = false;
  };
  std::vector<Among> among;
  std::vector<BoundPtr> left;      ///< What must be asked of the rows all the same.
  std::vector<std::string> taken;  ///< For EXPLAIN.
};

/// Shapes  `columns`: what each column of the conditions is, by its number.
EventConditions take_conditions(const std::vector<BoundPtr>& conditions,
                                std::span<const EventColumn> columns, const Snapshot& snapshot,
                                const SessionFacts& facts);

}  // namespace grapevine::sql
