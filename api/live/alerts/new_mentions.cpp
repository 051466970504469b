#include "api/live/alerts/new_mentions.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

#include "kernels/listen/mention_rows.hpp"
#include "kernels/listen/mood_lanes.hpp"
#include "storage/schema.hpp"

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
    return std::tie(a.ts, a.sequence) < std::tie(b.ts, b.sequence);
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

}  // namespace

std::uint32_t WatchedNames::number_of(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(name);
  numbers_.emplace(names_.back(), number);
  return number;
}

void NewMentions::read(const Snapshot& snapshot, const LiveRun& live, bool is_social,
                       const Range& range, std::vector<WatchedMention>& mentions) {
  const Run& run = *live;
  const RunColumn* text = run.column(column_id(CoreColumn::Text));
  NameColumn brand(run, CoreColumn::Brand, snapshot);
  NameColumn product(run, CoreColumn::ProductId, snapshot);
  if ((!is_social && text == nullptr) || (brand.column == nullptr && product.column == nullptr)) {
    return;
  }
  NameColumn channel(run, CoreColumn::Channel, snapshot);
  const RunColumn* sentiment = run.column(column_id(CoreColumn::Sentiment));
  run.sequences.visit([&](const auto offsets) {
    const std::uint64_t base = run.sequences.base();
    for (std::size_t row = 0; row < run.size(); ++row) {
      const std::uint64_t sequence = base + offsets[row];
      if (sequence < range.begin || sequence >= range.end || live.is_dead(row)) continue;
      if (!is_social && !text->has(row)) continue;
      WatchedMention mention;
      mention.ts = run.time(row);
      if (mention.ts < range.from || mention.ts >= range.to) continue;
      mention.brand = number_at(brand, row, brands_, names_);
      mention.product = number_at(product, row, products_, names_);
      if (mention.brand == WatchedNames::kNone && mention.product == WatchedNames::kNone) continue;
      mention.sequence = sequence;
      mention.channel = number_at(channel, row, channels_, names_);
      mention.mood = mood_of(sentiment, row);
      mentions.push_back(mention);
    }
  });
}

std::vector<WatchedMention> NewMentions::take(const Snapshot& snapshot, TimeMs from) {
  const std::vector<bool> social = social_names(snapshot);
  std::vector<WatchedMention> mentions;
  absl::flat_hash_map<const Run*, std::weak_ptr<const Run>> known;
  std::uint64_t next = next_;
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
      read(snapshot, live, social[index(run->event)], {.begin = next_, .from = from}, mentions);
    }
  }
  known_ = std::move(known);
  next_ = next;
  sort_by_time(mentions);
  return mentions;
}

std::vector<WatchedMention> NewMentions::seen(const Snapshot& snapshot, TimeMs from, TimeMs to) {
  const std::vector<bool> social = social_names(snapshot);
  std::vector<WatchedMention> mentions;
  for (const std::shared_ptr<const Part>& part : snapshot.parts()) {
    if (part->first >= to || part->last < from) continue;
    for (const LiveRun& live : part->runs) {
      if (live->first >= to || live->last < from) continue;
      read(snapshot, live, social[index(live->event)], {0, next_, from, to}, mentions);
    }
  }
  sort_by_time(mentions);
  return mentions;
}

}  // namespace grapevine
