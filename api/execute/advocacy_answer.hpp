#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/advocacy_request.hpp"
#include "api/plan/mention_window.hpp"
#include "api/plan/people.hpp"
#include "kernels/listen/advocacy.hpp"

namespace grapevine {

/// What is answered about advocacy after complaints.
struct AdvocacyAnswer {
  std::vector<std::string> warnings;  ///< See name_warnings.
  GraphSource source;
  MentionWindow window;
  /// What advocacy is of: brands that were named, or one's own; nullopt: of anything, because
  /// nobody says which are one's own.
  std::optional<std::vector<std::string>> brands;
  Advocacy advocacy;
};

/// Errors  Unprocessable: names that nobody knows. Gone: the pinned snapshot is kept no longer.
///         Cancelled.
absl::StatusOr<AdvocacyAnswer> answer_advocacy(const AdvocacyRequest& asked,
                                               const Context& context);

}  // namespace grapevine
