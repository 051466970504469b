#include "api/collect/member_role.hpp"

namespace grapevine {
namespace {

constexpr MemberRole role(CoreColumn column, std::string_view name, std::uint8_t rank = 0) {
  return {slot_of(column), rank, name};
}

MemberRole role_of_property(std::string_view name) {
  using enum CoreColumn;
  switch (name.size()) {
    case 3:
      if (name == "sku") return role(ProductId, "sku", 1);
      break;
    case 4:
      if (name == "text") return role(Text, "text");
      break;
    case 5:
      if (name == "brand") return role(Brand, "brand");
      if (name == "value") return role(Value, "value", 1);
      if (name == "total") return role(Value, "total", 2);
      break;
    case 6:
      if (name == "rating") return role(Rating, "rating");
      break;
    case 7:
      if (name == "channel") return role(Channel, "channel");
      if (name == "account") return role(Account, "account");
      if (name == "revenue") return role(Value, "revenue");
      break;
    case 8:
      if (name == "order_id") return role(OrderId, "order_id");
      if (name == "category") return role(Category, "category");
      if (name == "currency") return role(Currency, "currency");
      if (name == "latitude") return role(Latitude, "latitude");
      break;
    case 9:
      if (name == "seller_id") return role(SellerId, "seller_id");
      if (name == "target_id") return {kTargetSlot, 0, "target_id"};
      if (name == "parent_id") return role(ParentId, "parent_id");
      if (name == "sentiment") return role(Sentiment, "sentiment");
      if (name == "longitude") return role(Longitude, "longitude");
      break;
    case 10:
      if (name == "product_id") return role(ProductId, "product_id");
      if (name == "content_id") return role(ContentId, "content_id");
      break;
    default: break;
  }
  return {};
}

}  // namespace

MemberRole role_of(Family family, std::string_view name) {
  switch (family) {
    case Family::Properties: return role_of_property(name);
    case Family::Context:
      if (name == "channel") return role(CoreColumn::Channel, "channel", 1);
      if (name == "location.latitude") return role(CoreColumn::Latitude, "location.latitude", 1);
      if (name == "location.longitude") return role(CoreColumn::Longitude, "location.longitude", 1);
      return {};
    case Family::Trait:
    case Family::Account: return {};
  }
  return {};
}

bool is_number_slot(CoreSlot slot) {
  return slot < kCoreColumns.size() && type_of(kCoreColumns[slot]) == ValueType::Float64;
}

std::string_view name_of_slot(CoreSlot slot) {
  return slot == kTargetSlot ? "target_id" : kCoreColumns[slot].name;
}

}  // namespace grapevine
