#include "kernels/listen/word_streams.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/run_range.hpp"
#include "kernels/text/words.hpp"
#include "storage/schema.hpp"
#include "storage/text_values.hpp"

namespace grapevine {
namespace {

// Rows of a run that one task reads.
struct Stretch {
  std::size_t run;
  RowRange rows;
};

// Distinct words of a task, numbered as they come, so that the dictionary's lock is taken once.
class LocalWords {
 public:
  std::uint32_t number(std::string_view word) {
    const absl::string_view key(word.data(), word.size());
    if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
    const std::string_view kept = keep(word);
    const auto number = static_cast<std::uint32_t>(words_.size());
    numbers_.emplace(absl::string_view(kept.data(), kept.size()), number);
    words_.push_back(kept);
    return number;
  }
  [[nodiscard]] std::span<const std::string_view> words() const { return words_; }

 private:
  std::string_view keep(std::string_view word) {
    if (left_ < word.size()) {
      chunks_.push_back(std::make_unique<char[]>(kChunkBytes));
      free_ = chunks_.back().get();
      left_ = kChunkBytes;
    }
    std::copy(word.begin(), word.end(), free_);
    const std::string_view kept(free_, word.size());
    free_ += word.size();
    left_ -= word.size();
    return kept;
  }

  static constexpr std::size_t kChunkBytes = std::size_t{1} << 16;
  absl::flat_hash_map<absl::string_view, std::uint32_t> numbers_;
  std::vector<std::string_view> words_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* free_ = nullptr;
  std::size_t left_ = 0;
};

// What a task read: words by local number + 1, gaps as 0, and where each row ends.
struct Read {
  std::vector<std::uint32_t> words;
  std::vector<std::uint32_t> ends;
};

// `wanted`: by row of the stretch, 1 for those that are read; empty: all are.
void read_stretch(const RunColumn& texts, RowRange rows, std::span<const std::uint8_t> wanted,
                  Dictionary& dictionary, Read& read) {
  TextReader reader(std::get<TextValues>(texts.values));
  LocalWords local;
  WordSplitter splitter;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (texts.has(row) && (wanted.empty() || wanted[row - rows.begin] != 0)) {
      splitter.split(
          reader.at(row),
          [&](std::string_view word) { read.words.push_back(local.number(word) + 1); },
          [&] { read.words.push_back(kWordGap); });
    }
    read.ends.push_back(static_cast<std::uint32_t>(read.words.size()));
  }
  std::vector<std::uint32_t> codes(local.words().size());
  dictionary.intern_all(local.words(), codes);
  for (std::uint32_t& word : read.words) word = word == kWordGap ? kWordGap : codes[word - 1];
}

const RunColumn* texts_of(const Run& run) {
  const RunColumn* column = run.column(column_id(CoreColumn::Text));
  const bool has_texts = column != nullptr && std::holds_alternative<TextValues>(column->values);
  return has_texts ? column : nullptr;
}

}  // namespace

absl::StatusOr<std::vector<WordStream>> read_words(std::span<const Run* const> runs,
                                                   Dictionary& words, const Stop& stop,
                                                   const TopicRows* among) {
  constexpr std::size_t kRowsTogether = std::size_t{1} << 16;
  std::vector<Stretch> stretches;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    if (texts_of(*runs[r]) == nullptr) continue;
    for (std::size_t begin = 0; begin < runs[r]->size(); begin += kRowsTogether) {
      stretches.push_back({r, {begin, std::min(begin + kRowsTogether, runs[r]->size())}});
    }
  }
  std::vector<Read> read(stretches.size());
  for_each(stretches.size(), [&](std::size_t s) {
    if (stop.requested()) return;
    const Run& run = *runs[stretches[s].run];
    const RowRange rows = stretches[s].rows;
    std::vector<std::uint8_t> wanted;
    if (among != nullptr) {
      wanted.resize(rows.end - rows.begin);
      if (const RowList* listed = among->of(run)) listed->mark(rows, wanted);
    }
    read_stretch(*texts_of(run), rows, wanted, words, read[s]);
  });
  if (stop.requested()) return absl::CancelledError("stopped while reading texts");

  std::vector<WordStream> streams(runs.size());
  for (std::size_t s = 0; s < stretches.size(); ++s) {
    WordStream& stream = streams[stretches[s].run];
    if (stream.begins.empty()) stream.begins.push_back(0);
    const std::size_t before = stream.words.size();
    if (before + read[s].words.size() > std::numeric_limits<std::uint32_t>::max()) {
      return absl::ResourceExhaustedError("too many words in one part of the events");
    }
    stream.words.insert(stream.words.end(), read[s].words.begin(), read[s].words.end());
    for (const std::uint32_t end : read[s].ends) {
      stream.begins.push_back(static_cast<std::uint32_t>(before) + end);
    }
    Read().words.swap(read[s].words);
  }
  for (WordStream& stream : streams) {
    stream.words.shrink_to_fit();
    stream.begins.shrink_to_fit();
  }
  return streams;
}

}  // namespace grapevine
