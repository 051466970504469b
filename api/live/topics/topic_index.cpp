#include "api/live/topics/topic_index.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr ColumnId kText = column_id(CoreColumn::Text);

// What tells a definition from another one. Phrases have no line breaks.
std::string key_of(const TopicDocument& topic) {
  std::string key;
  for (const std::string& phrase : topic.phrases) key.append("+").append(phrase).append("\n");
  for (const std::string& phrase : topic.exclusions) key.append("-").append(phrase).append("\n");
  return key;
}

std::vector<TopicNumber> ascending(const std::vector<std::optional<TopicNumber>>& numbers) {
  std::vector<TopicNumber> known;
  for (const std::optional<TopicNumber>& number : numbers) {
    if (number) known.push_back(*number);
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

template <typename Body>
void for_each_run_with_texts(const Snapshot& snapshot, const Body& body) {
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      if (run->column(kText) != nullptr) body(run);
    }
  }
}

std::uint64_t last_sequence_of(const Run& run) {
  std::uint64_t last = 0;
  run.sequences.visit([&](const auto offsets) {
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      last = std::max<std::uint64_t>(last, offsets[i]);
    }
  });
  return run.sequences.base() + last;
}

}  // namespace

bool TopicIndex::RunTopics::knows(TopicNumber topic) const {
  return std::binary_search(known.begin(), known.end(), topic);
}

std::shared_ptr<const RowList> TopicIndex::RunTopics::of(TopicNumber topic) const {
  const auto found = std::lower_bound(rows.begin(), rows.end(), topic,
                                      [](const auto& entry, auto t) { return entry.first < t; });
  return found != rows.end() && found->first == topic ? found->second : nullptr;
}

void TopicIndex::set_topics(const Snapshot& snapshot) {
  std::map<std::string, TopicDocument> wanted;
  for (auto& [name, document] : topics_of(snapshot)) {
    std::string key = key_of(document);
    wanted.try_emplace(std::move(key), std::move(document));
  }
  const std::lock_guard lock(mutex_);
  bool is_less = false;
  for (auto at = numbers_.begin(); at != numbers_.end();) {
    if (wanted.contains(at->first)) {
      ++at;
      continue;
    }
    topics_.erase(at->second);
    at = numbers_.erase(at);
    is_less = true;
  }
  for (const auto& [key, document] : wanted) {
    const auto [at, is_new] = numbers_.try_emplace(key, next_number_);
    if (!is_new) continue;
    ++next_number_;
    add_phrases(document, 0, topics_[at->second].phrases);
  }
  if (!is_less) return;
  std::vector<TopicNumber> kept;
  for (const auto& [number, topic] : topics_) kept.push_back(number);
  matches_.keep_topics(kept);
  for (auto& [run, entry] : runs_) {
    auto less = std::make_shared<RunTopics>(*entry);
    std::erase_if(less->known, [&](TopicNumber t) { return !topics_.contains(t); });
    std::erase_if(less->rows, [&](const auto& rows) { return !topics_.contains(rows.first); });
    entry = std::move(less);
  }
}

absl::Status TopicIndex::advance(const Snapshot& snapshot, const Stop& stop) {
  set_topics(snapshot);
  std::vector<TopicNumber> topics;
  {
    const std::lock_guard lock(mutex_);
    progress_ = 0.0;
    for (auto& [number, topic] : topics_) {
      topics.push_back(number);
      topic.is_looked_for = true;
    }
  }
  GRAPEVINE_RETURN_IF_ERROR(learn(snapshot, topics, stop, &progress_));
  note_matches(snapshot, topics);
  const std::lock_guard lock(mutex_);
  absl::erase_if(runs_, [](const auto& entry) { return entry.second->run.expired(); });
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::shared_ptr<const TopicRows>>> TopicIndex::rows(
    const Snapshot& snapshot, std::span<const TopicDocument> topics, const Stop& stop) {
  std::vector<std::optional<TopicNumber>> numbers = numbers_of(topics);
  GRAPEVINE_RETURN_IF_ERROR(learn(snapshot, ascending(numbers), stop, nullptr));

  std::vector<std::shared_ptr<TopicRows>> found(topics.size());
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < topics.size(); ++i) {
      if (!numbers[i]) continue;
      found[i] = std::make_shared<TopicRows>();
      for_each_run_with_texts(snapshot, [&](const LiveRun& run) {
        const auto entry = known_of(run);
        if (entry == nullptr || !entry->knows(*numbers[i])) {
          numbers[i].reset();  // It was forgotten meanwhile.
        } else if (auto rows = entry->of(*numbers[i])) {
          found[i]->add(*run, std::move(rows));
        }
      });
    }
  }
  // Definitions that are not, or no more, those of the newest documents.
  std::vector<Phrase> phrases;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (numbers[i]) continue;
    add_phrases(topics[i], static_cast<std::uint32_t>(places.size()), phrases);
    places.push_back(i);
  }
  if (!places.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(const PhraseMatcher matcher, PhraseMatcher::build(phrases));
    GRAPEVINE_ASSIGN_OR_RETURN(auto matched, match_texts(snapshot, matcher, places.size(), stop));
    for (std::size_t i = 0; i < places.size(); ++i) {
      found[places[i]] = std::make_shared<TopicRows>(std::move(matched[i]));
    }
  }
  return std::vector<std::shared_ptr<const TopicRows>>(found.begin(), found.end());
}

absl::StatusOr<std::vector<TopicIndex::OfRun>> TopicIndex::rows_of_runs(
    const Snapshot& snapshot, std::span<const LiveRun> runs, std::span<const TopicDocument> topics,
    const Stop& stop) {
  const std::vector<std::optional<TopicNumber>> numbers = numbers_of(topics);
  GRAPEVINE_RETURN_IF_ERROR(learn(snapshot, ascending(numbers), stop, nullptr));
  std::vector<OfRun> found(runs.size());
  const std::lock_guard lock(mutex_);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const auto entry = known_of(runs[r]);
    if (entry == nullptr || entry->rows.empty()) continue;
    for (std::size_t i = 0; i < topics.size(); ++i) {
      if (!numbers[i]) continue;
      if (auto rows = entry->of(*numbers[i])) found[r].emplace_back(i, std::move(rows));
    }
  }
  return found;
}

std::vector<std::optional<TopicNumber>> TopicIndex::numbers_of(
    std::span<const TopicDocument> topics) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::optional<TopicNumber>> numbers(topics.size());
  for (std::size_t i = 0; i < topics.size(); ++i) {
    const auto number = numbers_.find(key_of(topics[i]));
    if (number != numbers_.end()) numbers[i] = number->second;
  }
  return numbers;
}

TopicIndex::State TopicIndex::state(const TopicDocument& topic) const {
  const std::lock_guard lock(mutex_);
  const auto number = numbers_.find(key_of(topic));
  if (number == numbers_.end()) return {};
  const Topic& of = topics_.at(number->second);
  if (of.is_current) return {true, 1.0};
  return {false, of.is_looked_for ? progress_.load() : 0.0};
}

std::size_t TopicIndex::bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = matches_.bytes();
  for (const auto& [run, entry] : runs_) {
    bytes += sizeof(RunTopics) + entry->known.capacity() * sizeof(TopicNumber) +
             entry->rows.capacity() * sizeof(entry->rows[0]);
    for (const auto& [topic, rows] : entry->rows) bytes += sizeof(RowList) + rows->bytes();
  }
  return bytes;
}

std::shared_ptr<const TopicIndex::RunTopics> TopicIndex::known_of(const LiveRun& run) const {
  const auto found = runs_.find(&*run);
  return found == runs_.end() || found->second->run.expired() ? nullptr : found->second;
}

// The rows of a snapshot before this sequence are known by it: they lived when the topics were
// brought to that snapshot or to one before it. What was erased since then, and before the next
// round, was never looked at, but an earlier snapshot still has it.
std::uint64_t TopicIndex::known_until(const Topic& topic, std::uint64_t snapshot) const {
  if (!topic.is_current || snapshot < topic.since) return 0;
  const auto after =
      std::upper_bound(reached_.begin(), reached_.end(), snapshot,
                       [](std::uint64_t number, const auto& at) { return number < at.first; });
  return after == reached_.begin() ? 0 : std::prev(after)->second;
}

absl::StatusOr<std::shared_ptr<const TopicIndex::Wanted>> TopicIndex::make_wanted(
    const std::vector<TopicNumber>& topics, std::uint64_t snapshot) const {
  std::vector<Phrase> phrases;
  std::vector<std::uint64_t> untils;
  for (const TopicNumber number : topics) {
    const Topic& topic = topics_.at(number);
    for (Phrase phrase : topic.phrases) {
      phrase.topic = static_cast<std::uint32_t>(untils.size());
      phrases.push_back(std::move(phrase));
    }
    untils.push_back(known_until(topic, snapshot));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(PhraseMatcher matcher, PhraseMatcher::build(phrases));
  return std::make_shared<const Wanted>(Wanted{topics, std::move(untils), std::move(matcher)});
}

absl::StatusOr<std::vector<TopicIndex::Lack>> TopicIndex::lacking(
    const Snapshot& snapshot, std::span<const TopicNumber> topics) const {
  std::vector<Lack> lacks;
  std::map<std::vector<TopicNumber>, std::shared_ptr<const Wanted>> made;
  absl::Status status;
  std::vector<TopicNumber> living;  // Others were forgotten meanwhile.
  std::copy_if(topics.begin(), topics.end(), std::back_inserter(living),
               [&](TopicNumber topic) { return topics_.contains(topic); });
  for_each_run_with_texts(snapshot, [&](const LiveRun& run) {
    const auto entry = known_of(run);
    if (entry != nullptr && entry->known == living) return;
    std::vector<TopicNumber> missing;
    if (entry == nullptr) {
      missing = living;
    } else {
      std::set_difference(living.begin(), living.end(), entry->known.begin(), entry->known.end(),
                          std::back_inserter(missing));
    }
    if (missing.empty() || !status.ok()) return;
    std::shared_ptr<const Wanted>& wanted = made[missing];
    if (wanted == nullptr) {
      auto making = make_wanted(missing, snapshot.number());
      if (!making.ok()) {
        status = making.status();
        return;
      }
      wanted = *std::move(making);
    }
    lacks.push_back({run.shared(), wanted});
  });
  if (!status.ok()) return status;
  return lacks;
}

// Learns what every run of a snapshot has about these topics, which ascend.
absl::Status TopicIndex::learn(const Snapshot& snapshot, std::span<const TopicNumber> topics,
                               const Stop& stop, std::atomic<double>* progress) {
  if (topics.empty()) return absl::OkStatus();
  constexpr std::size_t kRows = std::size_t{1} << 13;
  struct Piece {
    std::size_t lack;
    RowRange rows;
    Found found;
  };
  std::vector<Lack> lacks;
  TopicMatches matches;
  {
    const std::lock_guard lock(mutex_);
    GRAPEVINE_ASSIGN_OR_RETURN(lacks, lacking(snapshot, topics));
    matches = matches_;
  }
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < lacks.size(); ++i) {
    const std::size_t size = lacks[i].run->size();
    for (std::size_t begin = 0; begin < size; begin += kRows) {
      pieces.push_back({i, {begin, std::min(begin + kRows, size)}, {}});
    }
  }
  std::atomic<std::size_t> done = 0;
  for_each(pieces.size(), [&](std::size_t i) {
    if (stop.requested()) return;
    find(lacks[pieces[i].lack], pieces[i].rows, matches, pieces[i].found);
    const double share = static_cast<double>(++done) / static_cast<double>(pieces.size());
    if (progress != nullptr) *progress = share;
    stop.report(share);
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for topics");
  std::vector<Found> found(lacks.size());
  for (Piece& piece : pieces) {
    Found& of_run = found[piece.lack];
    of_run.insert(of_run.end(), piece.found.begin(), piece.found.end());
    piece.found = {};
  }
  for (std::size_t i = 0; i < lacks.size(); ++i) keep(lacks[i], std::move(found[i]));
  return absl::OkStatus();
}

// What rows of a run are about. Of what its sequence tells no text is read.
void TopicIndex::find(const Lack& lack, RowRange rows, const TopicMatches& matches, Found& found) {
  const auto& [run, wanted] = lack;
  const auto& [topics, untils, matcher] = *wanted;
  const auto [first, last] = std::minmax_element(untils.begin(), untils.end());
  const RunColumn& column = *run->column(kText);
  const auto* texts = std::get_if<TextValues>(&column.values);
  if (texts == nullptr) return;
  TextReader reader(*texts);
  std::uint64_t read = 0;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!column.has(row)) continue;
    const std::uint64_t sequence = run->sequences.at(row);
    const auto number = static_cast<std::uint32_t>(row);
    if (sequence < *last) {
      matches.for_each_topic(sequence, [&](TopicNumber topic) {
        const auto at = std::lower_bound(topics.begin(), topics.end(), topic);
        if (at == topics.end() || *at != topic) return;
        const auto place = static_cast<std::uint32_t>(at - topics.begin());
        if (sequence < untils[place]) found.emplace_back(place, number);
      });
    }
    if (sequence < *first) continue;
    ++read;
    for (const std::uint32_t place : matcher.topics_of(reader.at(row))) {
      if (sequence >= untils[place]) found.emplace_back(place, number);
    }
  }
  texts_read_ += read;
}

void TopicIndex::keep(const Lack& lack, Found found) {
  const Run& run = *lack.run;
  const std::vector<TopicNumber>& topics = lack.wanted->topics;
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  auto entry = std::make_shared<RunTopics>();
  entry->run = lack.run;
  entry->last_sequence = last_sequence_of(run);
  entry->known = topics;
  std::vector<std::uint32_t> rows;
  for (std::size_t begin = 0; begin < found.size();) {
    const std::uint32_t place = found[begin].first;
    rows.clear();
    for (; begin < found.size() && found[begin].first == place; ++begin) {
      rows.push_back(found[begin].second);
    }
    entry->rows.emplace_back(topics[place], std::make_shared<const RowList>(rows, run.size()));
  }
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const RunTopics>& kept = runs_[&run];
  if (kept != nullptr && !kept->run.expired()) {  // Beside what is known of it.
    for (const auto& known : kept->rows) {
      if (!entry->knows(known.first)) entry->rows.push_back(known);
    }
    std::sort(entry->rows.begin(), entry->rows.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<TopicNumber> both;
    std::set_union(kept->known.begin(), kept->known.end(), topics.begin(), topics.end(),
                   std::back_inserter(both));
    entry->known = std::move(both);
  }
  kept = std::move(entry);
}

// Notes what the rows of a snapshot are about by their sequences. Every row of an earlier sequence
// that still lives stands in the snapshot.
void TopicIndex::note_matches(const Snapshot& snapshot, std::span<const TopicNumber> topics) {
  const std::lock_guard lock(mutex_);
  std::uint64_t until = 0;
  std::uint64_t least = UINT64_MAX;  // That some topic does not reach to.
  for (const TopicNumber number : topics) {
    const auto topic = topics_.find(number);
    if (topic != topics_.end()) least = std::min(least, topic->second.until);
  }
  bool is_whole = true;
  std::vector<TopicMatch> matches;
  for_each_run_with_texts(snapshot, [&](const LiveRun& run) {
    const auto entry = known_of(run);
    if (entry == nullptr) {
      is_whole = false;
      return;
    }
    until = std::max(until, entry->last_sequence + 1);
    if (entry->last_sequence < least) return;
    for (const auto& [number, rows] : entry->rows) {
      const auto topic = topics_.find(number);
      if (topic == topics_.end()) continue;
      rows->for_each([&](std::uint32_t row) {
        const std::uint64_t sequence = run->sequences.at(row);
        if (sequence >= topic->second.until) matches.push_back({sequence, number});
      });
    }
  });
  if (!is_whole) return;
  std::sort(matches.begin(), matches.end());
  // A row that moved stands twice: dead where it was, and where it is.
  matches.erase(std::unique(matches.begin(), matches.end()), matches.end());
  matches_.add(matches);
  for (const TopicNumber number : topics) {
    const auto topic = topics_.find(number);
    if (topic == topics_.end()) continue;
    if (!topic->second.is_current) topic->second.since = snapshot.number();
    topic->second.until = std::max(topic->second.until, until);
    topic->second.is_current = true;
  }
  if (!reached_.empty() && reached_.back().first >= snapshot.number()) return;
  reached_.emplace_back(snapshot.number(), until);
  constexpr std::size_t kReachedMax =
      10'000;  // Rounds of more than the time that reads are pinned.
  if (reached_.size() > kReachedMax) reached_.pop_front();
}

}  // namespace grapevine
