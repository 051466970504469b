#include "api/live/alerts/new_mentions.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

#include "kernels/listen/harm_reader.hpp"
#include "kernels/listen/mention_rows.hpp"
#include "kernels/listen/mood_lanes.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::uint32_t kUnasked = 0xFFFF'FFFE;  // Of a code whose name was not looked up yet.

AlertMood mood_of(const RunColumn* sentiment, std::size_t row) {
  if (sentiment == nullptr || !sentiment->has(row)) return AlertMood::All;
  const auto* scores = std::get_if<RealValues>(&sentiment->values);
  if (scores == nullptr) return AlertMood::All;
  const double score = scores->at(row);
  if (score < -kMoodScore) return AlertMood::Negative;
  return score > kMoodScore ? AlertMood::Positive : AlertMood::All;
}

// Which event names are social, by EventNameId.
std::vector<bool> social_names(const Snapshot& snapshot) {
  std::vector<bool> social(snapshot.event_counts().size());
  for (const std::string_view name : kSocialEvents) {
    const std::uint32_t id = index(snapshot.find_event(name));
    if (id < social.size()) social[id] = true;
  }
  return social;
}

void sort_by_time(std::vector<WatchedMention>& mentions) {
  std::sort(mentions.begin(), mentions.end(), [](const auto& a, const auto& b) {
    return std::tie(a.ts, a.sequence, a.brand, a.product, a.topic) <
           std::tie(b.ts, b.sequence, b.brand, b.product, b.topic);
  });
}

// A column whose values are looked at one by one.
struct NameColumn {
  const RunColumn* column = nullptr;
  const Dictionary* dictionary = nullptr;
  std::optional<TextReader> texts;

  NameColumn(const Run& run, CoreColumn which, const Snapshot& snapshot)
      : column(run.column(column_id(which))),
        dictionary(snapshot.columns()[index(column_id(which))].dictionary.get()) {
    if (column == nullptr) return;
    if (const auto* values = std::get_if<TextValues>(&column->values)) texts.emplace(*values);
  }
};

std::uint32_t number_at(NameColumn& names, std::size_t row, std::vector<std::uint32_t>& of_code,
                        WatchedNames& known) {
  if (names.column == nullptr || !names.column->has(row)) return WatchedNames::kNone;
  if (names.texts) return known.number_of(names.texts->at(row));
  const auto* codes = std::get_if<CodeValues>(&names.column->values);
  if (codes == nullptr || names.dictionary == nullptr) return WatchedNames::kNone;
  const auto code = static_cast<std::uint32_t>(codes->codes.at(row));
  if (code >= of_code.size()) of_code.resize(names.dictionary->size(), kUnasked);
  if (of_code[code] == kUnasked) of_code[code] = known.number_of(names.dictionary->at(code));
  return of_code[code];
}

// A row, and the place of a topic that it is about.
struct About {
  std::uint32_t row, topic;
};

std::vector<About> rows_about(std::span<const TopicOfRun> topics) {
  std::vector<About> about;
  for (std::uint32_t topic = 0; topic < topics.size(); ++topic) {
    topics[topic].rows->for_each([&](std::uint32_t row) { about.push_back({row, topic}); });
  }
  if (topics.size() > 1) {
    std::sort(about.begin(), about.end(), [](const About& a, const About& b) {
      return std::tie(a.row, a.topic) < std::tie(b.row, b.topic);
    });
  }
  return about;
}

constexpr std::uint32_t WatchedMention::*kSubjects[] = {
    &WatchedMention::brand, &WatchedMention::product, &WatchedMention::topic};

// Adds what a text counts for by a topic: a value of each kind where the row itself names none,
// each once. The mentions of its row begin at `first`.
void add_topic(const WatchedMention& row, const CountedTopic& topic, std::size_t first,
               std::vector<WatchedMention>& mentions) {
  WatchedMention mention = row;
  mention.brand = row.brand == WatchedNames::kNone ? topic.brand : WatchedNames::kNone;
  mention.product = row.product == WatchedNames::kNone ? topic.product : WatchedNames::kNone;
  mention.topic = topic.topic;
  bool is_any = false;
  for (const auto subject : kSubjects) {
    for (std::size_t i = first; i < mentions.size(); ++i) {
      if (mentions[i].*subject == mention.*subject) mention.*subject = WatchedNames::kNone;
    }
    is_any |= mention.*subject != WatchedNames::kNone;
  }
  if (is_any) mentions.push_back(mention);
}

// Whether a run may have mentions: social ones, or ones with a text.
bool may_mention(const LiveRun& live, const std::vector<bool>& social) {
  return social[index(live->event)] || live->column(column_id(CoreColumn::Text)) != nullptr;
}

}  // namespace

void NewMentions::read(const Snapshot& snapshot, const LiveRun& live,
                       std::span<const TopicOfRun> topics, const Range& range,
                       std::vector<WatchedMention>& mentions) {
  const Run& run = *live;
  const RunColumn* text = range.with_text_alone ? run.column(column_id(CoreColumn::Text)) : nullptr;
  NameColumn brand(run, CoreColumn::Brand, snapshot);
  NameColumn product(run, CoreColumn::ProductId, snapshot);
  if (brand.column == nullptr && product.column == nullptr && topics.empty()) return;
  NameColumn channel(run, CoreColumn::Channel, snapshot);
  const RunColumn* sentiment = run.column(column_id(CoreColumn::Sentiment));
  HarmReader harms(run);
  const bool has_voices = !voices_.known().empty();
  const std::vector<About> about = rows_about(topics);
  auto next = about.begin();
  run.sequences.visit([&](const auto offsets) {
    const std::uint64_t base = run.sequences.base();
    for (std::size_t row = 0; row < run.size(); ++row) {
      while (next != about.end() && next->row < row) ++next;
      const std::uint64_t sequence = base + offsets[row];
      if (sequence < range.begin || sequence >= range.end || live.is_dead(row)) continue;
      if (text != nullptr && !text->has(row)) continue;
      WatchedMention mention;
      mention.ts = run.time(row);
      if (mention.ts < range.from || mention.ts >= range.to) continue;
      mention.brand = number_at(brand, row, brands_, names_);
      mention.product = number_at(product, row, products_, names_);
      const bool names_some =
          mention.brand != WatchedNames::kNone || mention.product != WatchedNames::kNone;
      const bool is_about = next != about.end() && next->row == row;
      if (!names_some && !is_about) continue;
      if (has_voices && voices_.known().has(run.customers[row])) continue;
      mention.sequence = sequence;
      mention.channel = number_at(channel, row, channels_, names_);
      mention.harm = harms.tells_of_harm(row);
      mention.mood = mention.harm ? AlertMood::Negative : mood_of(sentiment, row);
      const std::size_t first = mentions.size();
      if (names_some) mentions.push_back(mention);
      for (auto at = next; at != about.end() && at->row == row; ++at) {
        add_topic(mention, topics[at->topic].counts_for, first, mentions);
      }
    }
  });
}

absl::StatusOr<std::vector<WatchedMention>> NewMentions::take(const Snapshot& snapshot,
                                                              const WatchedTopics& topics,
                                                              const Stop& stop, TimeMs from) {
  const std::vector<bool> social = social_names(snapshot);
  absl::flat_hash_map<const Run*, std::weak_ptr<const Run>> known;
  std::uint64_t next = next_;
  std::vector<LiveRun> runs;
  for (const std::shared_ptr<const Part>& part : snapshot.parts()) {
    for (const LiveRun& live : part->runs) {
      const Run* run = live.shared().get();
      const auto before = known_.find(run);
      known.emplace(run, live.shared());
      if (before != known_.end() && !before->second.expired()) continue;
      run->sequences.visit([&](const auto offsets) {
        for (std::size_t row = 0; row < offsets.size(); ++row) {
          next = std::max(next, run->sequences.base() + offsets[row] + 1);
        }
      });
      if (may_mention(live, social)) runs.push_back(live);
    }
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto about, topics.of(snapshot, runs, stop));
  std::vector<WatchedMention> mentions;
  Range range;
  range.begin = next_;
  range.from = from;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    range.with_text_alone = !social[index(runs[i]->event)];
    read(snapshot, runs[i], about[i], range, mentions);
  }
  known_ = std::move(known);
  next_ = next;
  sort_by_time(mentions);
  return mentions;
}

absl::StatusOr<std::vector<WatchedMention>> NewMentions::seen(const Snapshot& snapshot,
                                                              const WatchedTopics& topics,
                                                              const Stop& stop, TimeMs from,
                                                              TimeMs to) {
  const std::vector<bool> social = social_names(snapshot);
  std::vector<LiveRun> runs;
  for (const std::shared_ptr<const Part>& part : snapshot.parts()) {
    if (part->first >= to || part->last < from) continue;
    for (const LiveRun& live : part->runs) {
      if (live->first >= to || live->last < from || !may_mention(live, social)) continue;
      runs.push_back(live);
    }
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto about, topics.of(snapshot, runs, stop));
  std::vector<WatchedMention> mentions;
  Range range{0, next_, from, to};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (stop.requested()) return absl::CancelledError("stopped while reading mentions");
    range.with_text_alone = !social[index(runs[i]->event)];
    read(snapshot, runs[i], about[i], range, mentions);
  }
  sort_by_time(mentions);
  return mentions;
}

}  // namespace grapevine
