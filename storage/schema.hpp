#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "storage/ids.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// The columns of `events` that are always known, beside those that every row has (`ts`, `event`,
/// `customer_id`, `target_id`, `event_id`). Their numbers are the first ColumnIds; the columns
/// `properties.NAME` and `context.NAME` get the following ones as they are first seen.
enum class CoreColumn : std::uint32_t {
  Channel,
  Account,
  OrderId,
  ProductId,
  Category,
  Brand,
  SellerId,
  Currency,
  ContentId,
  ParentId,
  Value,
  Rating,
  Sentiment,
  Text,
  Latitude,
  Longitude,
};

/// How a core column is called, and how its values are kept.
struct CoreColumnShape {
  enum class Kept : std::uint8_t {
    Dictionary,  ///< A code for each distinct string.
    Content,     ///< A code of the dictionary that content_id and parent_id share.
    Float64,
    Float32,
    Text,  ///< Bytes as they are.
  };
  std::string_view name;
  Kept kept;
};

inline constexpr std::array<CoreColumnShape, 16> kCoreColumns{{
    {"channel", CoreColumnShape::Kept::Dictionary},
    {"account", CoreColumnShape::Kept::Dictionary},
    {"order_id", CoreColumnShape::Kept::Dictionary},
    {"product_id", CoreColumnShape::Kept::Dictionary},
    {"category", CoreColumnShape::Kept::Dictionary},
    {"brand", CoreColumnShape::Kept::Dictionary},
    {"seller_id", CoreColumnShape::Kept::Dictionary},
    {"currency", CoreColumnShape::Kept::Dictionary},
    {"content_id", CoreColumnShape::Kept::Content},
    {"parent_id", CoreColumnShape::Kept::Content},
    {"value", CoreColumnShape::Kept::Float64},
    {"rating", CoreColumnShape::Kept::Float32},
    {"sentiment", CoreColumnShape::Kept::Float32},
    {"text", CoreColumnShape::Kept::Text},
    {"latitude", CoreColumnShape::Kept::Float32},
    {"longitude", CoreColumnShape::Kept::Float32},
}};

constexpr ColumnId column_id(CoreColumn column) {
  return static_cast<ColumnId>(static_cast<std::uint32_t>(column));
}

/// The type of a core column's values; String for dictionaries and text.
constexpr ValueType type_of(const CoreColumnShape& column) {
  using enum CoreColumnShape::Kept;
  return column.kept == Float64 || column.kept == Float32 ? ValueType::Float64 : ValueType::String;
}

/// The event names that are known before any event came (api.md, "How an event becomes a row"), so
/// that a question about one that never happened is answered with nothing rather than refused.
inline constexpr std::array<std::string_view, 22> kKnownEvents{
    "Page Viewed",     "Screen Viewed",      "Product Viewed",    "Product Added",
    "Product Removed", "Cart Viewed",        "Checkout Started",  "Order Completed",
    "Order Refunded",  "Order Item",         "Refund Item",       "Product Reviewed",
    "Product Shared",  "Post Created",       "Post Shared",       "Post Replied",
    "Post Liked",      "Customer Mentioned", "Customer Followed", "Ticket Opened",
    "Ticket Answered", "Ticket Resolved"};

}  // namespace grapevine
