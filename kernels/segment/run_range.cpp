#include "kernels/segment/run_range.hpp"

#include <algorithm>

namespace grapevine {

RowRange rows_of_customers(const Run& run, std::size_t first, std::size_t last) {
  const auto before = [](CustomerId customer, std::size_t bound) {
    return index(customer) < bound;
  };
  const auto begin = std::lower_bound(run.customers.begin(), run.customers.end(), first, before);
  const auto end = std::lower_bound(begin, run.customers.end(), last, before);
  return {static_cast<std::size_t>(begin - run.customers.begin()),
          static_cast<std::size_t>(end - run.customers.begin())};
}

}  // namespace grapevine
