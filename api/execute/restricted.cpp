#include "api/execute/restricted.hpp"

#include <limits>

#include "kernels/segment/scan.hpp"

namespace grapevine {

// Only a clear no is a no: whoever cannot be sure is not listed.
ValueTest says_restricted(ValueType type) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kTiny = std::numeric_limits<double>::denorm_min();
  ValueTest test;
  test.accepts_true = true;
  test.whole = {{std::numeric_limits<std::int64_t>::min(), -1},
                {1, std::numeric_limits<std::int64_t>::max()}};
  test.real = {{-kInfinity, -kTiny}, {kTiny, kInfinity}};
  test.text = [](std::string_view text) {
    return text != "false" && text != "0" && text != "no" && !text.empty();
  };
  test.as_text = type == ValueType::String || type == ValueType::DateTime;
  return test;
}

absl::StatusOr<CustomerSet> restricted_customers(const Snapshot& snapshot, const Stop& stop) {
  const CustomerTable& customers = snapshot.customers();
  const AttributeColumn* column = customers.attribute(kRestrictedAttribute);
  if (column == nullptr) return CustomerSet(customers.count());
  return scan_attribute(*column, customers.count(), says_restricted(column->type), stop);
}

}  // namespace grapevine
