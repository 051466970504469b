#include "kernels/segment/sums_of_customers.hpp"

namespace grapevine {

void SumsOfCustomers::reset(std::size_t customers) {
  high_.assign(customers, 0.0);
  low_.assign(customers, 0.0);
  wide_.clear();
}

double SumsOfCustomers::divided_by(std::size_t customer, std::uint32_t divisor) const {
  const auto wide = wide_.find(customer);
  if (wide == wide_.end()) {
    // high + low is exact, and so rounded once; likewise the quotient where high is all of it.
    if (divisor == 1) return high_[customer] + low_[customer] + 0.0;
    if (low_[customer] == 0.0) return high_[customer] / divisor + 0.0;
  }
  WideSum sum = wide == wide_.end() ? WideSum() : wide->second;
  sum.add(high_[customer]);
  sum.add(low_[customer]);
  return sum.divided_by(divisor);
}

}  // namespace grapevine
