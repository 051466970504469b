#include "storage/customers.hpp"

namespace grapevine {

CustomerId CustomerTable::find(std::string_view external_id) const {
  const std::uint32_t code = ids_->find(external_id);
  return code < count_ ? CustomerId(code) : kNobody;  // kMissing is larger than any count.
}

const AttributeColumn* CustomerTable::attribute(std::string_view name) const {
  for (const auto& column : attributes_) {
    if (column->name == name) return column.get();
  }
  return nullptr;
}

}  // namespace grapevine
