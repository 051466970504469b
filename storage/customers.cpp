#include "storage/customers.hpp"

namespace grapevine {

CustomerId CustomerTable::find(std::string_view external_id) const {
  const std::uint32_t code = names_.ids->find(external_id);
  if (code >= count_) return kNobody;  // kMissing is larger than any count.
  return persons().of(CustomerId(code));
}

const AttributeColumn* CustomerTable::attribute(std::string_view name) const {
  for (const auto& column : attributes_) {
    if (column->name == name) return column.get();
  }
  return nullptr;
}

}  // namespace grapevine
