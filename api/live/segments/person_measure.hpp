#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "kernels/segment/customer_rows.hpp"
#include "kernels/segment/measure.hpp"
#include "kernels/segment/sums_of_customers.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Measures the rows of one person, one after the other. Not thread-safe.
class PersonMeasure {
 public:
  explicit PersonMeasure(const Measure& measure) : measure_(measure) {}

  /// Begins with no rows.
  void reset();
  void add(const Snapshot& snapshot, const CustomerRow& row);
  /// Whether what was measured is meant.
  [[nodiscard]] bool in_bounds() const;

 private:
  void add_number(long double number, bool in_bounds);
  void add_whole(std::int64_t number);
  void add_real(double number, bool single);

  Measure measure_;
  std::uint32_t count_ = 0;      // Rows; of all kinds but Count those with a value.
  SumsOfCustomers sum_;          // Of one.
  long double best_ = 0.0L;      // Of Min and Max,
  bool best_in_bounds_ = false;  // and whether it is meant, by its own type.
  std::set<std::string> distinct_;
};

}  // namespace grapevine
