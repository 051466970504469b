#include "api/live/word_index.hpp"

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

bool has_texts(const Run& run) {
  const RunColumn* column = run.column(column_id(CoreColumn::Text));
  return column != nullptr && std::holds_alternative<TextValues>(column->values);
}

}  // namespace

absl::StatusOr<IndexedWords> WordIndex::at(const Snapshot& snapshot, const Stop& stop) {
  const auto parts = snapshot.parts();
  const std::lock_guard lock(mutex_);
  if (vocabulary_ == nullptr) vocabulary_ = std::make_shared<Vocabulary>();
  drop_gone();
  IndexedWords found{vocabulary_, {}};
  std::vector<std::shared_ptr<const Run>> missing;
  for (const auto& part : parts) {
    for (const LiveRun& live : part->runs) {
      if (!has_texts(*live)) continue;
      const auto kept = kept_.find(&*live);
      if (kept != kept_.end()) {
        found.streams.emplace(&*live, kept->second.stream);
      } else {
        missing.push_back(live.shared());
      }
    }
  }
  std::vector<const Run*> runs;
  for (const auto& run : missing) runs.push_back(run.get());
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<WordStream> read,
                             read_words(runs, vocabulary_->words(), stop));
  for (std::size_t i = 0; i < missing.size(); ++i) {
    auto stream = std::make_shared<const WordStream>(std::move(read[i]));
    found.streams.emplace(runs[i], stream);
    if (bytes_ + stream->bytes() > bytes_max_) continue;
    bytes_ += stream->bytes();
    kept_.emplace(runs[i], Kept{missing[i], std::move(stream)});
  }
  return found;
}

std::size_t WordIndex::words() const {
  const std::lock_guard lock(mutex_);
  if (vocabulary_ == nullptr) return 0;
  const Dictionary& words = vocabulary_->words();
  std::size_t known = 0;
  for (std::uint32_t code = 0; code < words.size(); ++code) {
    known += words.is_blank(code) || words.at(code).empty() ? 0 : 1;
  }
  return known;
}

void WordIndex::drop_gone() {
  // What came last is a run of its own in each snapshot: looking at all words for each would cost
  // more than they take.
  constexpr std::size_t kSmallRun = 4096;
  for (auto kept = kept_.begin(); kept != kept_.end();) {
    if (!kept->second.run.expired()) {
      ++kept;
      continue;
    }
    bytes_ -= kept->second.stream->bytes();
    dropped_words_ += kept->second.stream->words.size();
    is_due_ |= kept->second.stream->begins.size() > kSmallRun + 1;
    kept = kept_.erase(kept);
  }
  constexpr std::size_t kDroppedMax = std::size_t{1} << 20;
  is_due_ |= dropped_words_ > kDroppedMax;
  // Who holds the vocabulary has codes of it, also of stems that no text has: those are left alone.
  if (is_due_ && vocabulary_.use_count() == 1) forget_unused();
}

void WordIndex::forget_unused() {
  std::vector<std::uint8_t> used(vocabulary_->words().size());
  used[kWordGap] = 1;
  for (const auto& [run, kept] : kept_) {
    for (const std::uint32_t word : kept.stream->words) used[word] = 1;
  }
  for (std::uint32_t code = 0; code < used.size(); ++code) {
    if (used[code] == 0 && !vocabulary_->words().is_blank(code)) vocabulary_->forget(code);
  }
  dropped_words_ = 0;
  is_due_ = false;
}

}  // namespace grapevine
