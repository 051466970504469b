#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/live/word_index.hpp"
#include "api/message.hpp"
#include "api/parse/terms_request.hpp"
#include "api/plan/mention_window.hpp"
#include "api/plan/people.hpp"
#include "kernels/listen/terms.hpp"

namespace grapevine {

/// What is answered about terms.
struct TermsAnswer {
  std::vector<std::string> warnings;  ///< See name_warnings.
  GraphSource source;
  MentionWindow window;
  std::vector<TimeMs> bounds;  ///< Of the buckets that bursts are told by.
  IndexedWords words;
  Terms terms;
};

/// Errors  Unprocessable: names that nobody knows, too many buckets. Gone: the pinned snapshot is
///         kept no longer. Cancelled.
absl::StatusOr<TermsAnswer> answer_terms(const TermsRequest& asked, const Context& context);

}  // namespace grapevine
