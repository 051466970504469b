#include "api/execute/alert_terms.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <tuple>
#include <utility>
#include <variant>

#include "kernels/listen/topic_rows.hpp"
#include "kernels/listen/word_streams.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using RowsOfRun = std::map<const Run*, std::vector<std::uint32_t>>;

bool has_text(const BurstMention& mention) {
  const RunColumn* text = mention.run->column(column_id(CoreColumn::Text));
  return text != nullptr && std::holds_alternative<TextValues>(text->values) &&
         text->has(mention.row);
}

// Adds the latest posts with a text; whether those are all, and the time of the first of them.
std::pair<bool, std::optional<TimeMs>> add_latest(const std::vector<BurstMention>& mentions,
                                                  RowsOfRun& rows) {
  std::size_t posts = 0;
  std::optional<TimeMs> first;
  for (auto mention = mentions.rbegin(); mention != mentions.rend(); ++mention) {
    if (!has_text(*mention)) continue;
    if (posts++ == AlertTerms::kPostsMax) return {false, first};
    rows[mention->run].push_back(mention->row);
    first = mention->ts;
  }
  return {true, first};
}

std::shared_ptr<const TopicRows> lists_of(RowsOfRun& rows, std::vector<const Run*>& runs) {
  auto lists = std::make_shared<TopicRows>();
  for (auto& [run, of_run] : rows) {
    std::sort(of_run.begin(), of_run.end());
    lists->add(*run, std::make_shared<const RowList>(of_run, run->size()));
    runs.push_back(run);
  }
  return lists;
}

}  // namespace

absl::StatusOr<AlertTerms> find_alert_terms(const Snapshot& snapshot, const AlertDocument& alert,
                                            const std::vector<BurstMention>& burst, TimeMs as_of,
                                            const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(
      const std::vector<BurstMention> earlier,
      series_mentions(snapshot, alert.series, alert.since - AlertTerms::kEarlierMs, alert.since,
                      context));
  AlertTerms answer;
  RowsOfRun rows;
  bool is_all_earlier = true;
  std::tie(answer.is_whole, std::ignore) = add_latest(burst, rows);
  std::tie(is_all_earlier, answer.rest_since) = add_latest(earlier, rows);
  answer.is_whole = answer.is_whole && is_all_earlier;

  TermQuestion question;
  question.until = end_of(alert, as_of);
  question.from = alert.since;
  question.to = question.until;
  question.terms_max = answer.rest_since ? AlertTerms::kTermsMax : 0;
  question.examples_max = 0;
  std::vector<const Run*> runs;
  question.among = lists_of(rows, runs);
  auto vocabulary = std::make_shared<Vocabulary>();
  GRAPEVINE_ASSIGN_OR_RETURN(
      const std::vector<WordStream> streams,
      read_words(runs, vocabulary->words(), context.stop, question.among.get()));
  const auto words_of = [&](const Run& run) -> const WordStream* {
    const auto at = std::lower_bound(runs.begin(), runs.end(), &run, std::less<>());
    return at == runs.end() || *at != &run ? nullptr
                                           : &streams[static_cast<std::size_t>(at - runs.begin())];
  };
  GRAPEVINE_ASSIGN_OR_RETURN(answer.terms,
                             find_terms(snapshot, question, *vocabulary, words_of, context.stop));
  answer.vocabulary = std::move(vocabulary);
  return answer;
}

}  // namespace grapevine
