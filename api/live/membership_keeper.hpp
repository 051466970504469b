#pragma once

#include <absl/status/status.h>

#include "kernels/parallel/stop.hpp"
#include "storage/memberships.hpp"

namespace grapevine {

/// Keeps streams of membership changes current, of every segment and of those consents that somebody
/// asked for. Thread-safe.
class MembershipKeeper {
 public:
  virtual ~MembershipKeeper() = default;

  /// Waits until the newest snapshot has the stream of `key`, which is begun where it is not kept
  /// yet. Errors  NotFound: there is no such segment. ResourceExhausted: too many streams are kept.
  ///         Unavailable: nothing is kept. Cancelled: `stop` fired.
  virtual absl::Status keep(const MembershipKey& key, const Stop& stop) = 0;
};

}  // namespace grapevine
