#pragma once

#include <cstdint>

namespace grapevine {

/// A customer's dense number, in order of first appearance. Never reused.
enum class CustomerId : std::uint32_t {};
/// The number of an event name ("Order Completed") in its dictionary.
enum class EventNameId : std::uint32_t {};
/// The number of a column of `events` beside those that every row has (see schema.hpp).
enum class ColumnId : std::uint32_t {};
/// The number of a column of `customers`.
enum class AttributeId : std::uint32_t {};

/// Where a row has no target, or a look-up finds no customer.
inline constexpr CustomerId kNobody{0xFFFF'FFFF};

constexpr std::uint32_t index(CustomerId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(EventNameId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(ColumnId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(AttributeId id) { return static_cast<std::uint32_t>(id); }

/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
using TimeMs = std::int64_t;

}  // namespace grapevine
