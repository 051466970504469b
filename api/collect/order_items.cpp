#include "api/collect/order_items.hpp"

#include <cstddef>
#include <string>

#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Price × quantity, where both are numbers.
std::optional<double> item_value(JsonObject item, MadeTexts& made) {
  JsonElement member;
  if (item.at_key("price").get(member) != simdjson::SUCCESS) return std::nullopt;
  const std::optional<double> price = number_of(scalar_of(member, made));
  if (item.at_key("quantity").get(member) != simdjson::SUCCESS || member.is_null()) return price;
  const std::optional<double> quantity = number_of(scalar_of(member, made));
  if (!price || !quantity) return std::nullopt;
  return *price * *quantity;
}

absl::Status add_item(const OrderRow& order, JsonObject item, std::size_t number, RowSink& sink) {
  EventRowWriter& rows = sink.rows;
  rows.begin();
  if (const auto value = item_value(item, sink.made)) {
    const MemberRole before_all{slot_of(CoreColumn::Value), 0, "price_times_quantity"};
    GRAPEVINE_RETURN_IF_ERROR(
        rows.add_core(before_all, Family::Properties, before_all.name, Scalar::of(*value)));
  }
  for (const auto& [name, element] : item) {
    GRAPEVINE_RETURN_IF_ERROR(add_member(Family::Properties, name, element, sink));
  }
  GRAPEVINE_RETURN_IF_ERROR(
      sink.cells.add(Family::Properties, "quantity", Scalar::of(std::int64_t{1}), Repeated::Keep));
  rows.fill_if_empty(slot_of(CoreColumn::OrderId), order.order_id);
  rows.fill_if_empty(slot_of(CoreColumn::Currency), order.currency);
  rows.fill_if_empty(slot_of(CoreColumn::Channel), order.channel);
  rows.fill_if_empty(slot_of(CoreColumn::Account), order.account);

  EventRow row;
  row.ts = order.row.ts;
  row.event = sink.intern(order.item_event);
  row.customer = order.row.customer;
  row.source = order.row.source;
  row.kind = order.row.kind;
  if (!order.message_id.empty()) {
    row.message_id = sink.intern(std::string(order.message_id) + "#" + std::to_string(number));
  }
  return rows.finish(row);
}

}  // namespace

std::optional<std::string_view> item_event_of(std::string_view event) {
  if (event == "Order Completed") return "Order Item";
  if (event == "Order Refunded") return "Refund Item";
  return std::nullopt;
}

std::optional<JsonArray> items_of(JsonElement products) {
  JsonArray items;
  if (products.get_array().get(items) != simdjson::SUCCESS) return std::nullopt;
  for (const JsonElement item : items) {
    if (!item.is_object()) return std::nullopt;
  }
  return items;
}

absl::Status add_order_items(const OrderRow& order, JsonArray items, RowSink& sink) {
  std::size_t number = 0;
  for (const JsonElement item : items) {
    if (++number > kOrderItemsMax) {
      return rejection("properties.products has more than " + std::to_string(kOrderItemsMax) +
                       " items");
    }
    const absl::Status added =
        add_item(order, JsonObject(item.get_object().value_unsafe()), number, sink);
    if (!added.ok()) {
      return rejection("item " + std::to_string(number) +
                       " of properties.products: " + detail_of(added));
    }
  }
  return absl::OkStatus();
}

}  // namespace grapevine
