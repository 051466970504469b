#pragma once

#include "kernels/segment/customer_set.hpp"
#include "storage/customers.hpp"

namespace grapevine {

/// Everyone who is a person of their own: not merged into another, not erased. Cost: a bit a
/// customer.
CustomerSet people(const CustomerTable& customers);

}  // namespace grapevine
