#include "kernels/segment/run_range.hpp"

namespace grapevine {

RowRange rows_of_customers(const Run& run, std::size_t first, std::size_t last) {
  return {run.customers.lower_bound(first), run.customers.lower_bound(last)};
}

}  // namespace grapevine
