#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// What came of scoring texts again.
struct RecomputedSentiment {
  std::size_t texts = 0;    ///< That were scored.
  std::size_t changed = 0;  ///< Whose score, as it is kept, is another one now, or there was none.
  std::uint64_t snapshot = 0;  ///< The first that has all of it.
};

/// Whether the newest snapshot has texts that another model than `kSentimentModel` scored, or
/// nobody. Cost: as count_texts_to_score.
std::size_t texts_of_other_models(const Store& store);

/// Scores the texts that another model scored, or nobody, with `kSentimentModel`. What was sent with
/// a sentiment keeps it. Each stretch of texts is stored durably before the next one is read: who
/// stops it, or is stopped, loses nothing of what was done. Reports its progress.
/// Errors  Cancelled: `stop` was requested. Those of Store::rescore.
/// Cost    Reads each text once, in parallel; some 60 bytes for each of at most kTogetherMax texts.
absl::StatusOr<RecomputedSentiment> recompute_sentiment(Store& store, const Stop& stop);

/// The same, as the answer to who asked for it: JSON.
absl::StatusOr<std::string> recomputed_sentiment_json(Store& store, const Stop& stop);

}  // namespace grapevine
