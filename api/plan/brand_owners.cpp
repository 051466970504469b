#include "api/plan/brand_owners.hpp"

#include <variant>

#include "api/encode/attribute_value.hpp"
#include "kernels/segment/scan.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

bool says_own(const CustomerTable& customers, CustomerId customer) {
  const AttributeColumn* own = customers.attribute("own");
  if (own == nullptr) return false;
  const AttributeValue value = value_of(*own, customer);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  const auto* text = std::get_if<std::string_view>(&value);
  return text != nullptr && *text == "true";
}

absl::StatusOr<BrandOwners> BrandOwners::read(const Snapshot& snapshot, const Stop& stop) {
  BrandOwners owners;
  const CustomerTable& customers = snapshot.customers();
  const AttributeColumn* kind = customers.attribute("kind");
  if (kind == nullptr) return owners;
  ValueTest is_brand;
  is_brand.texts = {"brand"};
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet brands,
                             scan_attribute(*kind, customers.count(), is_brand, stop));
  brands.for_each_member([&](CustomerId brand) {
    if (!customers.persons().is_person(brand)) return;
    const bool own = says_own(customers, brand);
    const auto note = [&](std::string_view name) { owners.own_[std::string(name)] |= own; };
    note(customers.external_id(brand));
    for (const char* trait : {"name", "brand"}) {
      const AttributeColumn* column = customers.attribute(trait);
      if (column == nullptr) continue;
      const AttributeValue value = value_of(*column, brand);
      if (const auto* name = std::get_if<std::string_view>(&value)) note(*name);
    }
  });
  return owners;
}

std::optional<bool> BrandOwners::is_own(std::string_view brand) const {
  const auto found = own_.find(brand);
  return found == own_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> BrandOwners::own_brands() const {
  std::vector<std::string> brands;
  for (const auto& [brand, is_own] : own_) {
    if (is_own) brands.push_back(brand);
  }
  return brands;
}

std::vector<std::string> BrandOwners::brands() const {
  std::vector<std::string> brands;
  for (const auto& [brand, is_own] : own_) brands.push_back(brand);
  return brands;
}

}  // namespace grapevine
