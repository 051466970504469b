#pragma once

#include <optional>
#include <string_view>

#include <absl/status/status.h>

#include "api/collect/json.hpp"
#include "api/collect/row_sink.hpp"
#include "storage/batch.hpp"

namespace grapevine {

/// The event of a row for each of `products[]`: "Order Item" for "Order Completed", "Refund Item"
/// for "Order Refunded"; nullopt for events that have no such rows.
std::optional<std::string_view> item_event_of(std::string_view event);

/// `products` as items: its objects. nullopt where it is anything else, which is kept as text.
std::optional<JsonArray> items_of(JsonElement products);

/// What an item has in common with its order.
struct OrderRow {
  EventRow row;                 ///< As stored: an item has its customer, time and source.
  std::string_view message_id;  ///< Empty: none. Item n, from 1, is called this + "#n".
  std::string_view item_event;
  /// Where the item says nothing, it takes these from its order.
  Scalar order_id, currency, channel, account;
};

/// Adds a row for each item: value = price × quantity, where a quantity that is not sent is 1.
/// Errors  InvalidArgument: a rejection of the whole order.
absl::Status add_order_items(const OrderRow& order, JsonArray items, RowSink& sink);

}  // namespace grapevine
