#include "api/execute/burst_mentions.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include <absl/container/flat_hash_map.h>

#include "kernels/listen/mention_rows.hpp"
#include "kernels/listen/mood_lanes.hpp"
#include "kernels/segment/row_slices.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

void want_text(EventSelection& selection, CoreColumn column, const std::string& text) {
  ColumnRule rule{column_id(column), {}, false};
  rule.test.texts = {text};
  selection.where.push_back(std::move(rule));
}

void want_series(EventSelection& selection, const AlertSeries& series) {
  want_text(selection, series.is_product ? CoreColumn::ProductId : CoreColumn::Brand,
            series.subject);
  if (series.channel) return want_text(selection, CoreColumn::Channel, *series.channel);
  ColumnRule none{column_id(CoreColumn::Channel), {}, true};
  none.test.any = true;
  selection.where.push_back(std::move(none));
}

bool has_mood(const RunColumn* sentiment, std::size_t row, AlertMood mood) {
  if (mood == AlertMood::All) return true;
  if (sentiment == nullptr || !sentiment->has(row)) return false;
  const auto* scores = std::get_if<RealValues>(&sentiment->values);
  if (scores == nullptr) return false;
  const double score = scores->at(row);
  return mood == AlertMood::Negative ? score < -kMoodScore : score > kMoodScore;
}

}  // namespace

absl::StatusOr<std::vector<BurstMention>> burst_mentions(const Snapshot& snapshot,
                                                         const AlertDocument& alert, TimeMs as_of,
                                                         const Stop& stop) {
  const TimeMs end = alert.closed ? std::max(alert.closed->ts, alert.ts + 1) : as_of + 1;
  std::vector<BurstMention> mentions;
  std::vector<std::uint8_t> scratch;
  for (EventSelection& selection : select_mentions(snapshot, alert.since, end)) {
    want_series(selection, alert.series);
    const RowFilter filter(snapshot, selection);
    for (const auto& [live, rows] : slices_of(snapshot, filter)) {
      if (stop.requested()) return absl::CancelledError("stopped while reading a burst");
      const std::span<const std::uint8_t> mask = filter.meant(*live, rows, scratch);
      const Run& run = **live;
      const RunColumn* sentiment = run.column(column_id(CoreColumn::Sentiment));
      run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
        if (!mask.empty() && mask[row - rows.begin] == 0) return;
        if (!has_mood(sentiment, row, alert.series.mood)) return;
        mentions.push_back({run.time(row), run.sequences.at(row), customer});
      });
    }
  }
  std::sort(mentions.begin(), mentions.end(), [](const BurstMention& a, const BurstMention& b) {
    return std::tie(a.ts, a.sequence) < std::tie(b.ts, b.sequence);
  });
  return mentions;
}

std::vector<BurstSpeaker> speakers_of(const std::vector<BurstMention>& mentions) {
  std::vector<BurstSpeaker> speakers;
  absl::flat_hash_map<CustomerId, std::size_t> places;
  for (const BurstMention& mention : mentions) {
    const auto [place, is_new] = places.emplace(mention.speaker, speakers.size());
    if (is_new) speakers.push_back({mention.speaker, mention.ts, 0});
    ++speakers[place->second].mentions;
  }
  return speakers;
}

}  // namespace grapevine
