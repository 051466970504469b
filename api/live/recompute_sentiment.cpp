#include "api/live/recompute_sentiment.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/text/sentiment.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"
#include "storage/texts_to_score.hpp"

namespace grapevine {
namespace {

// Texts of one change: so many of several runs, or the most of one run, which is copied for it.
constexpr std::size_t kTogetherMin = std::size_t{1} << 18;
constexpr std::size_t kTogetherMax = std::size_t{1} << 20;
constexpr std::size_t kTextsABlock = 1024;

// Texts that were scored, of one snapshot.
struct Scored {
  std::vector<Rescoring::Text> texts;
  std::size_t changed = 0;
};

std::optional<std::int16_t> score_of(std::string_view text) {
  const std::optional<double> score = sentiment(text).score;
  if (!score) return std::nullopt;
  return static_cast<std::int16_t>(std::lround(*score * Rescoring::kScoreMax));
}

// Whether a row's score, as it is kept, is another than this one.
bool is_other(const RunColumn* column, std::size_t row, std::optional<std::int16_t> score) {
  const bool had = column != nullptr && column->has(row);
  if (!had || !score) return had || score;
  const double kept = std::get<RealValues>(column->values).at(row);
  return static_cast<float>(kept) !=
         static_cast<float>(*score / static_cast<double>(Rescoring::kScoreMax));
}

absl::Status score_rows(const Run& run, const std::vector<std::uint32_t>& rows, const Stop& stop,
                        Scored& scored) {
  const auto& texts = std::get<TextValues>(run.column(column_id(CoreColumn::Text))->values);
  const RunColumn* const sentiments = run.column(column_id(CoreColumn::Sentiment));
  const std::size_t first = scored.texts.size();
  scored.texts.resize(first + rows.size());
  std::vector<std::size_t> changed(blocks_of(rows.size(), kTextsABlock));
  for_each_block(rows.size(), kTextsABlock, [&](std::size_t begin, std::size_t end) {
    if (stop.requested()) return;
    TextReader reader(texts);
    for (std::size_t i = begin; i < end; ++i) {
      const std::optional<std::int16_t> score = score_of(reader.at(rows[i]));
      scored.texts[first + i] = {run.sequences.at(rows[i]), score};
      changed[begin / kTextsABlock] += is_other(sentiments, rows[i], score) ? 1 : 0;
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while scoring texts");
  for (const std::size_t count : changed) scored.changed += count;
  return absl::OkStatus();
}

// The next stretch of texts; empty: there are no more.
absl::StatusOr<Scored> score_some(const Snapshot& snapshot, const Stop& stop) {
  const KnownModel model = known_model(snapshot, kSentimentModel);
  Scored scored;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      const auto rows = texts_to_score(run, model, kTogetherMax - scored.texts.size());
      if (rows.empty()) continue;
      GRAPEVINE_RETURN_IF_ERROR(score_rows(*run, rows, stop, scored));
      if (scored.texts.size() >= kTogetherMin) return scored;
    }
  }
  return scored;
}

}  // namespace

std::size_t texts_of_other_models(const Store& store) {
  const auto snapshot = store.snapshot();
  return count_texts_to_score(*snapshot, known_model(*snapshot, kSentimentModel));
}

absl::StatusOr<RecomputedSentiment> recompute_sentiment(Store& store, const Stop& stop) {
  const std::size_t all = texts_of_other_models(store);
  RecomputedSentiment done;
  done.snapshot = store.snapshot()->number();
  std::optional<std::uint64_t> last_first;
  while (true) {
    GRAPEVINE_ASSIGN_OR_RETURN(Scored scored, score_some(*store.snapshot(), stop));
    if (scored.texts.empty()) return done;
    const std::uint64_t first = scored.texts.front().sequence;
    if (first == last_first) return absl::InternalError("a text did not get its score");
    last_first = first;
    std::sort(scored.texts.begin(), scored.texts.end(),
              [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
    done.texts += scored.texts.size();
    done.changed += scored.changed;
    GRAPEVINE_ASSIGN_OR_RETURN(const Appended stored, store.rescore({std::string(kSentimentModel),
                                                                     std::move(scored.texts)}));
    done.snapshot = stored.snapshot;
    if (all > 0) stop.report(static_cast<double>(done.texts) / static_cast<double>(all));
  }
}

absl::StatusOr<std::string> recomputed_sentiment_json(Store& store, const Stop& stop) {
  GRAPEVINE_ASSIGN_OR_RETURN(const RecomputedSentiment done, recompute_sentiment(store, stop));
  JsonWriter json;
  json.begin_object();
  json.member("sentiment_model", kSentimentModel);
  json.member("texts", std::uint64_t{done.texts});
  json.member("changed", std::uint64_t{done.changed});
  json.member("snapshot", done.snapshot);
  json.end_object();
  return std::move(json).take();
}

}  // namespace grapevine
