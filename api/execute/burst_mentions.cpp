#include "api/execute/burst_mentions.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include <absl/container/flat_hash_map.h>

#include "api/execute/find_topics.hpp"
#include "api/plan/company_voices.hpp"
#include "api/plan/topic_document.hpp"
#include "kernels/listen/group_dimension.hpp"
#include "kernels/listen/groups_of_run.hpp"
#include "kernels/listen/harm_reader.hpp"
#include "kernels/listen/mention_rows.hpp"
#include "kernels/listen/mood_lanes.hpp"
#include "kernels/segment/row_slices.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

void want_text(EventSelection& selection, CoreColumn column, const std::string& text) {
  ColumnRule rule{column_id(column), {}, false};
  rule.test.texts = {text};
  selection.where.push_back(std::move(rule));
}

void want_channel(EventSelection& selection, const std::optional<std::string>& channel) {
  if (channel) return want_text(selection, CoreColumn::Channel, *channel);
  ColumnRule none{column_id(CoreColumn::Channel), {}, true};
  none.test.any = true;
  selection.where.push_back(std::move(none));
}

// A mention that tells of harm is negative, whatever its score is: as alerts count. Texts are read
// where the score does not say enough.
bool has_mood(const RunColumn* sentiment, std::size_t row, HarmReader& harms, AlertMood mood) {
  if (mood == AlertMood::All) return true;
  const auto* scores = sentiment == nullptr ? nullptr : std::get_if<RealValues>(&sentiment->values);
  const bool is_scored = scores != nullptr && sentiment->has(row);
  const double score = is_scored ? scores->at(row) : 0.0;
  if (mood == AlertMood::Positive) return score > kMoodScore && !harms.tells_of_harm(row);
  return score < -kMoodScore || harms.tells_of_harm(row);
}

using Topics = std::vector<std::shared_ptr<const TopicRows>>;

// The topics by which a text counts for the series' subject.
absl::StatusOr<Topics> find_topics_of(const Snapshot& snapshot, const AlertSeries& series,
                                      const Context& context) {
  std::vector<std::string> names;
  if (series.about == AlertSubject::Topic) {
    if (find_topic(snapshot, series.subject)) names.push_back(series.subject);
  } else {
    const auto value =
        series.about == AlertSubject::Brand ? &TopicDocument::brand : &TopicDocument::product_id;
    for (const auto& [name, topic] : topics_of(snapshot)) {
      if (topic.*value == series.subject) names.push_back(name);
    }
  }
  if (names.empty()) return Topics();
  return find_topics(snapshot, names, context);
}

// The rows that count for the series' subject: those that name it, and those that name none but are
// about one of its topics.
GroupDimension subject_of(const Snapshot& snapshot, const AlertSeries& series, Topics topics) {
  GroupDimension subject;
  subject.groups = 1;
  for (auto& topic : topics) subject.topics.emplace_back(0, std::move(topic));
  if (series.about == AlertSubject::Topic) return subject;
  const ColumnId column =
      column_id(series.about == AlertSubject::Brand ? CoreColumn::Brand : CoreColumn::ProductId);
  subject.column = column;
  subject.of_text.emplace(series.subject, 0);
  const auto& dictionary = snapshot.columns()[index(column)].dictionary;
  const std::uint32_t code =
      dictionary == nullptr ? Dictionary::kMissing : dictionary->find(series.subject);
  if (code == Dictionary::kMissing) return subject;
  subject.of_code.resize(std::size_t{code} + 1, kNoGroup);
  subject.of_code[code] = 0;
  return subject;
}

// Reads the mentions of one selection, by the order of rows.
absl::Status read_mentions(const Snapshot& snapshot, const EventSelection& selection,
                           const GroupDimension& subject, AlertMood mood,
                           const CustomerSet& company, const Stop& stop,
                           std::vector<BurstMention>& mentions) {
  const RowFilter filter(snapshot, selection);
  std::vector<std::uint8_t> scratch;
  std::vector<GroupedRow> rows;
  for (const auto& [live, range] : slices_of(snapshot, filter)) {
    if (stop.requested()) return absl::CancelledError("stopped while reading a burst");
    const Run& run = **live;
    GroupsOfRun groups(run, std::span(&subject, 1));
    if (groups.has_none(0)) continue;
    const std::span<const std::uint8_t> mask = filter.meant(*live, range, scratch);
    rows.clear();
    for (std::uint32_t i = 0; i < range.end - range.begin; ++i) {
      if (mask.empty() || mask[i] != 0) rows.push_back({i, 0});
    }
    groups.divide(0, range.begin, rows);
    const RunColumn* sentiment = run.column(column_id(CoreColumn::Sentiment));
    HarmReader harms(run);
    for (const GroupedRow& of : rows) {
      const std::size_t row = range.begin + of.row;
      const CustomerId speaker = run.customers[row];
      if (company.has(speaker)) continue;
      if (!has_mood(sentiment, row, harms, mood)) continue;
      mentions.push_back(
          {run.time(row), run.sequences.at(row), speaker, &run, static_cast<std::uint32_t>(row)});
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<BurstMention>> series_mentions(const Snapshot& snapshot,
                                                          const AlertSeries& series, TimeMs from,
                                                          TimeMs to, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(Topics topics, find_topics_of(snapshot, series, context));
  const bool names_it = topics.empty();  // Every row that counts does: a rule may skip whole runs.
  const GroupDimension subject = subject_of(snapshot, series, std::move(topics));
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet company, company_voices(snapshot, context.stop));
  std::vector<BurstMention> mentions;
  for (EventSelection& selection : select_mentions(snapshot, from, to)) {
    if (names_it && series.about != AlertSubject::Topic) {
      want_text(selection,
                series.about == AlertSubject::Brand ? CoreColumn::Brand : CoreColumn::ProductId,
                series.subject);
    }
    want_channel(selection, series.channel);
    GRAPEVINE_RETURN_IF_ERROR(
        read_mentions(snapshot, selection, subject, series.mood, company, context.stop, mentions));
  }
  std::sort(mentions.begin(), mentions.end(), [](const BurstMention& a, const BurstMention& b) {
    return std::tie(a.ts, a.sequence) < std::tie(b.ts, b.sequence);
  });
  return mentions;
}

TimeMs end_of(const AlertDocument& alert, TimeMs as_of) {
  return alert.closed ? std::max(alert.closed->ts, alert.ts + 1) : as_of + 1;
}

absl::StatusOr<std::vector<BurstMention>> burst_mentions(const Snapshot& snapshot,
                                                         const AlertDocument& alert, TimeMs as_of,
                                                         const Context& context) {
  return series_mentions(snapshot, alert.series, alert.since, end_of(alert, as_of), context);
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

std::size_t count_harm(std::vector<BurstMention> mentions) {
  std::sort(mentions.begin(), mentions.end(), [](const BurstMention& a, const BurstMention& b) {
    return std::tie(a.run, a.row) < std::tie(b.run, b.row);
  });
  std::size_t count = 0;
  std::optional<HarmReader> harms;
  const Run* run = nullptr;
  for (const BurstMention& mention : mentions) {
    if (mention.run != run) harms.emplace(*mention.run);
    run = mention.run;
    count += harms->tells_of_harm(mention.row) ? 1 : 0;
  }
  return count;
}

}  // namespace grapevine
