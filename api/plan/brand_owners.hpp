#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Whether the trait `own` of a customer, who is a brand, is true.
bool says_own(const CustomerTable& customers, CustomerId brand);

/// Which brands are one's own, by what customers of the kind `brand` say: each speaks for the brand
/// of its id and of its traits `name` and `brand`, and its trait `own` is true for one's own.
class BrandOwners {
 public:
  /// Errors  Cancelled. Cost: a pass over `kind`, and a look at each brand.
  static absl::StatusOr<BrandOwners> read(const Snapshot& snapshot, const Stop& stop);

  /// nullopt: nobody says whose brand it is. One's own wins where several say.
  [[nodiscard]] std::optional<bool> is_own(std::string_view brand) const;
  /// One's own brands, in the order of their names.
  [[nodiscard]] std::vector<std::string> own_brands() const;
  /// All that somebody speaks for, rivals' too.
  [[nodiscard]] std::vector<std::string> brands() const;

 private:
  std::map<std::string, bool, std::less<>> own_;
};

}  // namespace grapevine
