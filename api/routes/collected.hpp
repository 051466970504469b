#pragma once

#include <absl/status/statusor.h>

#include "api/collect/body.hpp"
#include "api/message.hpp"

namespace grapevine {

/// How a collect request is answered.
struct CollectedForm {
  bool posthog_status = false;  ///< Says `"status": 1` too, as PostHog's own server does.
};

/// Stores what was collected and answers once it is durable: `{"success": true}`, and in `rejected`
/// what the reader and the store refused.
/// Errors  What the store failed with.
absl::StatusOr<Response> store_collected(CollectedBody collected, Store& store,
                                         const CollectedForm& form);

}  // namespace grapevine
