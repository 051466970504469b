#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/burst_mentions.hpp"
#include "api/message.hpp"
#include "api/plan/alert_document.hpp"
#include "kernels/listen/terms.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The words and pairs that set a burst's posts apart from what its series said in the weeks
/// before.
struct AlertTerms {
  static constexpr TimeMs kEarlierMs = TimeMs{28} * 86'400'000;  ///< Before the burst.
  static constexpr std::size_t kPostsMax = 50'000;  ///< Of the burst, and of before: the latest.
  static constexpr std::size_t kTermsMax = 10;

  Terms terms;
  std::shared_ptr<const Vocabulary> vocabulary;  ///< Of the terms.
  std::optional<TimeMs> rest_since;  ///< Of the first earlier post; nullopt: there is none.
  bool is_whole = true;              ///< There were no more posts than are read.
};

/// Reads the texts, of nobody else's posts, when somebody asks: so an alert keeps no word that a
/// person wrote, and who is erased is in it no more. Without earlier posts there are no terms.
///
/// Errors  Cancelled.
/// Cost    A look at the series' rows of 4 weeks, and at most 2 × kPostsMax texts (0.3 s).
absl::StatusOr<AlertTerms> find_alert_terms(const Snapshot& snapshot, const AlertDocument& alert,
                                            const std::vector<BurstMention>& burst, TimeMs as_of,
                                            const Context& context);

}  // namespace grapevine
