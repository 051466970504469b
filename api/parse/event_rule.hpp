#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "api/parse/condition_budget.hpp"
#include "api/parse/definition.hpp"
#include "api/parse/object_reader.hpp"

namespace grapevine {

// Readers of what conditions on events have in common. Each takes its members from an object, and
// notes mistakes where they stand; what is absent is left as it was.

/// A name or a list of names in the member `name`, and `where`.
EventRule read_event_rule(ObjectReader& reader, std::string_view name, ConditionBudget& budget);

/// `within`, or `from` and `to`.
WindowRule read_window(ObjectReader& reader);

/// `hours` and `weekdays`.
ClockRule read_clock(ObjectReader& reader);

/// `first` and `last`.
Occurrence read_occurrence(ObjectReader& reader);

enum class AggregateForm : std::uint8_t { Bounded, Unbounded };
/// One of `count`, `sum`, `avg`, `min`, `max`, `distinct`, with its bounds, or without any; nullopt:
/// none is given.
std::optional<Aggregate> read_aggregate(ObjectReader& reader,
                                        AggregateForm form = AggregateForm::Bounded);

/// All elements of a list of strings; others are noted, and empty, so that places in the list and
/// pointers stay together.
std::vector<std::string> read_strings(const JsonArray& list, const std::string& pointer,
                                      Mistakes& mistakes);

}  // namespace grapevine
