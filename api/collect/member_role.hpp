#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/collect/cell_writer.hpp"
#include "storage/schema.hpp"

namespace grapevine {

/// A column that is filled from certain members: a CoreColumn, or the row's target.
using CoreSlot = std::uint8_t;
inline constexpr CoreSlot kTargetSlot = kCoreColumns.size();
inline constexpr std::size_t kCoreSlots = kCoreColumns.size() + 1;
inline constexpr CoreSlot kNoSlot = 0xFF;

constexpr CoreSlot slot_of(CoreColumn column) { return static_cast<CoreSlot>(column); }

/// Which column a member may fill; of several that are present the lowest rank does.
struct MemberRole {
  CoreSlot slot = kNoSlot;
  std::uint8_t rank = 0;
  std::string_view name;  ///< The member's, for ever.
};

/// The role of properties.NAME or context.PATH; other families have none.
/// Source  api.md, "How an event becomes a row of events".
MemberRole role_of(Family family, std::string_view name);

/// Whether the slot holds a number; else it holds text.
bool is_number_slot(CoreSlot slot);

/// The name of the slot's column.
std::string_view name_of_slot(CoreSlot slot);

}  // namespace grapevine
