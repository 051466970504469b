#pragma once

#include <memory>

#include <absl/status/status.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The company's own voices (plan/company_voices), whose mentions count in no series. Somebody may
/// become one after he was counted, or cease to be one. Not thread-safe.
class UnheardVoices {
 public:
  /// Learns who they are.
  /// Errors  Cancelled: `stop` fired; nothing was learned.
  /// Cost    A look at two columns; where one of them changed, that of company_voices.
  absl::Status look(const Snapshot& snapshot, const Stop& stop);

  /// Of the customers of the snapshot that was looked at last.
  [[nodiscard]] const CustomerSet& known() const { return known_; }
  /// Whether they are others than at the last `adopt`.
  [[nodiscard]] bool are_others() const { return are_others_; }
  /// Everything was counted without those that are known.
  void adopt();

 private:
  std::shared_ptr<const AttributeColumn> kind_, own_;  // As they were read.
  CustomerSet known_, adopted_;
  bool are_others_ = false;
};

}  // namespace grapevine
