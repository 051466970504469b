#pragma once

#include <vector>

#include "storage/snapshot.hpp"

namespace grapevine {

/// Whether somebody whom an older snapshot has was erased since.
inline bool is_erased(CustomerId customer, const Snapshot& newest) {
  return newest.customers().persons().of(customer) == kNobody;
}

/// Takes people out of a page that were erased since its snapshot.
inline void drop_erased(std::vector<CustomerId>& page, const Snapshot& newest) {
  std::erase_if(page, [&](CustomerId customer) { return is_erased(customer, newest); });
}

}  // namespace grapevine
