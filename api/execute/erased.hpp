#pragma once

#include "storage/snapshot.hpp"

namespace grapevine {

/// Whether somebody whom an older snapshot has was erased since.
inline bool is_erased(CustomerId customer, const Snapshot& newest) {
  return newest.customers().persons().of(customer) == kNobody;
}

}  // namespace grapevine
