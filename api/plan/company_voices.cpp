#include "api/plan/company_voices.hpp"

#include "api/plan/brand_owners.hpp"
#include "kernels/segment/scan.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<CustomerSet> company_voices(const Snapshot& snapshot, const Stop& stop) {
  const CustomerTable& customers = snapshot.customers();
  CustomerSet voices(customers.count());
  const AttributeColumn* kind = customers.attribute("kind");
  if (kind == nullptr) return voices;
  const auto of_kind = [&](const char* name) {
    ValueTest test;
    test.texts = {name};
    return scan_attribute(*kind, customers.count(), test, stop);
  };
  GRAPEVINE_ASSIGN_OR_RETURN(voices, of_kind("employee"));
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet brands, of_kind("brand"));
  brands.for_each_member([&](CustomerId brand) {
    if (says_own(customers, brand)) voices.add(brand);
  });
  return voices;
}

}  // namespace grapevine
