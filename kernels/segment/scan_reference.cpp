#include "kernels/segment/scan_reference.hpp"

#include <type_traits>
#include <variant>

namespace grapevine {

CustomerSet scan_attribute_reference(const AttributeColumn& column, std::size_t customers,
                                     const ValueTest& test) {
  CustomerSet set(customers);
  for (std::size_t i = 0; i < customers; ++i) {
    const CustomerId customer{static_cast<std::uint32_t>(i)};
    const AttributeChunk* chunk = column.chunk_of(customer);
    const std::size_t slot = i % AttributeChunk::kCustomers;
    if (chunk == nullptr || !chunk->has(slot)) continue;
    const bool accepted = std::visit(
        [&](const auto& values) {
          using Value = typename std::decay_t<decltype(values)>::value_type;
          if constexpr (std::is_same_v<Value, std::uint8_t>) {
            return satisfies(test, values[slot] != 0);
          } else if constexpr (std::is_same_v<Value, std::uint32_t>) {
            return satisfies(test, column.dictionary->at(values[slot]));
          } else {
            return satisfies(test, values[slot]);
          }
        },
        chunk->values);
    if (accepted) set.add(customer);
  }
  return set;
}

}  // namespace grapevine
