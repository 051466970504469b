#include "api/collect/event_call.hpp"

#include <array>
#include <optional>
#include <string>

#include "api/collect/flatten.hpp"
#include "api/collect/limits.hpp"
#include "api/collect/order_items.hpp"
#include "api/collect/posthog_event.hpp"
#include "api/collect/rejection.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using MaybeObject = std::optional<JsonObject>;

absl::StatusOr<std::string_view> event_name(CallType type, const CallMembers& members) {
  if (type == CallType::Page) return "Page Viewed";
  if (type == CallType::Screen) return "Screen Viewed";
  std::string_view name;
  if (!members.has(Member::Event) ||
      members.at(Member::Event).get_string().get(name) != simdjson::SUCCESS || name.empty() ||
      name.size() > kEventNameBytesMax) {
    return rejection("event is not a text of 1 to " + std::to_string(kEventNameBytesMax) +
                     " bytes");
  }
  return name;
}

bool has_member(const MaybeObject& object, std::string_view name) {
  JsonElement element;
  return object && object->at_key(name).get(element) == simdjson::SUCCESS && !element.is_null();
}

// Adds every property but the items of an order and what PostHog says of the person, which become
// rows of their own.
absl::Status add_properties(JsonObject properties, Dialect dialect, bool has_items, RowSink& sink) {
  for (const auto& [name, element] : properties) {
    if (has_items && name == "products" && items_of(element)) continue;
    if (dialect == Dialect::Posthog && is_person_property(name)) continue;
    GRAPEVINE_RETURN_IF_ERROR(add_member(Family::Properties, name, element, sink));
  }
  return absl::OkStatus();
}

absl::Status add_context(JsonObject context, RowSink& sink) {
  for (const auto& [name, element] : context) {
    GRAPEVINE_RETURN_IF_ERROR(add_member(Family::Context, name, element, sink));
  }
  return absl::OkStatus();
}

// A member of the call itself that has no meaning of its own.
absl::Status add_other(std::string_view name, JsonElement element, const MaybeObject& context,
                       RowSink& sink) {
  const std::string path = (has_member(context, name) ? "call." : "") + std::string(name);
  return flatten_member(path, element, Nulls::Skip, sink.made,
                        [&](std::string_view below, const Scalar& value) {
                          return sink.cells.add(Family::Context, below, value);
                        });
}

// SDKs send the name and category of a page beside the properties, or in them, or both.
absl::Status add_page_member(Member member, const CallMembers& members,
                             const MaybeObject& properties, const MaybeObject& context,
                             RowSink& sink) {
  if (!members.has(member)) return absl::OkStatus();
  const JsonElement element = members.at(member);
  if (!has_member(properties, name_of(member))) {
    return add_member(Family::Properties, name_of(member), element, sink);
  }
  std::string_view outside;
  std::string_view inside;
  const bool same =
      element.get_string().get(outside) == simdjson::SUCCESS &&
      properties->at_key(name_of(member)).get_string().get(inside) == simdjson::SUCCESS &&
      outside == inside;
  return same ? absl::OkStatus() : add_other(name_of(member), element, context, sink);
}

absl::Status add_channel(const CallMembers& members, const MaybeObject& context, RowSink& sink) {
  if (!members.has(Member::Channel)) return absl::OkStatus();
  const JsonElement element = members.at(Member::Channel);
  if (!is_scalar(element)) return add_other("channel", element, context, sink);
  const bool shadowed = has_member(context, "channel");
  const MemberRole role{slot_of(CoreColumn::Channel), 2, shadowed ? "call.channel" : "channel"};
  return sink.rows.add_core(role, Family::Context, role.name, scalar_of(element, sink.made));
}

// Adds what the call says outside `properties`.
absl::Status add_other_members(const CallHead& head, const CallMembers& members,
                               const MaybeObject& properties, const MaybeObject& context,
                               RowSink& sink) {
  const bool is_page = head.type != CallType::Track;
  for (const Member member : {Member::Name, Member::Category}) {
    if (is_page) {
      GRAPEVINE_RETURN_IF_ERROR(add_page_member(member, members, properties, context, sink));
    } else if (members.has(member)) {
      GRAPEVINE_RETURN_IF_ERROR(add_other(name_of(member), members.at(member), context, sink));
    }
  }
  for (const Member member : {Member::Event, Member::Traits, Member::GroupId, Member::PreviousId,
                              Member::OriginalTimestamp}) {
    if (!members.has(member)) continue;
    const bool is_used = member == Member::Event               ? !is_page
                         : member == Member::OriginalTimestamp ? !members.has(Member::Timestamp)
                                                               : false;
    if (is_used) continue;
    GRAPEVINE_RETURN_IF_ERROR(add_other(name_of(member), members.at(member), context, sink));
  }
  if (!head.user_id.empty() && !head.anonymous_id.empty()) {
    GRAPEVINE_RETURN_IF_ERROR(
        add_other("anonymousId", members.at(Member::AnonymousId), context, sink));
  }
  for (const auto& [name, element] : members.unknown()) {
    GRAPEVINE_RETURN_IF_ERROR(add_other(name, element, context, sink));
  }
  return add_channel(members, context, sink);
}

absl::Status add_items(const OrderRow& order, JsonObject properties, RowSink& sink) {
  JsonElement products;
  if (properties.at_key("products").get(products) != simdjson::SUCCESS) return absl::OkStatus();
  const std::optional<JsonArray> items = items_of(products);
  if (!items) return absl::OkStatus();
  return add_order_items(order, *items, sink);
}

}  // namespace

absl::Status add_event_call(const CallHead& head, const CallMembers& members,
                            const CallSource& source, RowSink& sink) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string_view event, event_name(head.type, members));
  GRAPEVINE_ASSIGN_OR_RETURN(const MaybeObject properties, object_at(members, Member::Properties));
  GRAPEVINE_ASSIGN_OR_RETURN(const MaybeObject context, object_at(members, Member::Context));
  const std::optional<std::string_view> item_event = item_event_of(event);

  sink.rows.begin();
  if (properties) {
    GRAPEVINE_RETURN_IF_ERROR(
        add_properties(*properties, source.dialect, item_event.has_value(), sink));
  }
  // The batch's context comes first: what the call's own says replaces it.
  if (source.context) GRAPEVINE_RETURN_IF_ERROR(add_context(*source.context, sink));
  if (context) GRAPEVINE_RETURN_IF_ERROR(add_context(*context, sink));
  GRAPEVINE_RETURN_IF_ERROR(add_other_members(head, members, properties, context, sink));

  OrderRow order;
  order.order_id = sink.rows.value(slot_of(CoreColumn::OrderId));
  order.currency = sink.rows.value(slot_of(CoreColumn::Currency));
  order.channel = sink.rows.value(slot_of(CoreColumn::Channel));
  order.account = sink.rows.value(slot_of(CoreColumn::Account));
  order.row.ts = head.ts;
  order.row.event = sink.intern(event);
  order.row.customer = sink.intern(head.customer);
  order.row.source = source.source;
  order.row.kind = head.kind();
  if (!head.message_id.empty()) {
    order.row.message_id = sink.intern(head.message_id);
    order.row.once = true;
  }
  GRAPEVINE_RETURN_IF_ERROR(sink.rows.finish(order.row));
  if (!item_event || !properties) return absl::OkStatus();
  order.message_id = head.message_id;
  order.item_event = *item_event;
  return add_items(order, *properties, sink);
}

}  // namespace grapevine
