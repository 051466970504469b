#pragma once

#include <cstddef>

#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/customers.hpp"

namespace grapevine {

/// What `scan_attribute` must answer: each customer's value is tested on its own, strings as such.
CustomerSet scan_attribute_reference(const AttributeColumn& column, std::size_t customers,
                                     const ValueTest& test);

}  // namespace grapevine
