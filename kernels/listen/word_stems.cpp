#include "kernels/listen/word_stems.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "kernels/listen/word_streams.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"
#include "kernels/text/name_boundary.hpp"
#include "kernels/text/stop_words.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSyllableBytes = 3;  // Of composed Hangul, of which words have nothing else.

bool is_korean(std::string_view word) {
  const auto byte = static_cast<unsigned char>(word.front());
  return byte >= 0xEA && byte <= 0xED && word.size() % kSyllableBytes == 0;
}

// A Korean word that occurs.
struct KoreanWord {
  std::string_view text;
  std::uint64_t prefix;  // The first 8 bytes of the text as one number, in the order of texts.
  std::uint32_t code;
  std::uint64_t count;

  [[nodiscard]] std::size_t syllables() const { return text.size() / kSyllableBytes; }
  [[nodiscard]] std::string_view first(std::size_t syllables) const {
    return text.substr(0, syllables * kSyllableBytes);
  }
};

// Cuts words that begin with the same syllable.
class StemCutter {
 public:
  explicit StemCutter(std::span<const KoreanWord> words) : words_(words) {}

  // Calls `cut(word, stem)` for each.
  template <typename Cut>
  void run(const Cut& cut) {
    cut_range(0, words_.size(), 1, cut);
  }

 private:
  // Words [begin, end) have their first `depth` syllables in common, and ascend.
  template <typename Cut>
  void cut_range(std::size_t begin, std::size_t end, std::size_t depth, const Cut& cut) {
    std::uint64_t count = 0;
    for (std::size_t i = begin; i < end; ++i) count += words_[i].count;
    beginning_.resize(depth - 1);
    beginning_.push_back(count);
    // The word that is these syllables and nothing more comes first.
    if (words_[begin].syllables() == depth) {
      cut(words_[begin], stem_of(words_[begin]));
      ++begin;
    }
    while (begin < end) {
      const std::string_view next = words_[begin].first(depth + 1);
      std::size_t beyond = begin + 1;
      while (beyond < end && words_[beyond].text.starts_with(next)) ++beyond;
      cut_range(begin, beyond, depth + 1, cut);
      begin = beyond;
    }
  }

  // beginning_[l - 1] words begin with the word's first l syllables.
  std::string_view stem_of(const KoreanWord& word) const {
    const std::size_t syllables = word.syllables();
    if (syllables == 1) return word.text;
    const double whole = std::log(static_cast<double>(beginning_[0]));
    std::size_t best = 2;
    double best_score = -INFINITY;
    for (std::size_t l = 2; l <= syllables; ++l) {
      const double share = std::log(static_cast<double>(beginning_[l - 1])) - whole;
      const double score = share / static_cast<double>(l - 1);
      if (score >= best_score) {
        best = l;
        best_score = score;
      }
    }
    const std::string_view kept = word.first(best);
    for (std::size_t l = 2; l < best; ++l) {
      const bool others_begin_so = beginning_[l - 1] > beginning_[best - 1];
      if (others_begin_so && ends_name(kept, l * kSyllableBytes)) return word.first(l);
    }
    return kept;
  }

  std::span<const KoreanWord> words_;
  std::vector<std::uint64_t> beginning_;
};

std::uint64_t prefix_of(std::string_view text) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < sizeof prefix; ++i) {
    prefix = prefix << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  }
  return prefix;
}

// Most words are told apart without a look at their texts, which lie anywhere.
bool comes_before(const KoreanWord& a, const KoreanWord& b) {
  return a.prefix != b.prefix ? a.prefix < b.prefix : a.text < b.text;
}

bool is_counted(std::string_view stem) {
  if (is_stop_word(stem)) return false;
  if (is_korean(stem)) return stem.size() > kSyllableBytes;
  return stem.size() > 1;
}

}  // namespace

std::vector<std::uint32_t> stem_words(Dictionary& words, std::span<const std::uint64_t> counts) {
  std::vector<std::uint32_t> stems(counts.size(), kWordGap);
  std::vector<KoreanWord> korean;
  for (std::uint32_t code = kWordGap + 1; code < counts.size(); ++code) {
    if (counts[code] == 0) continue;
    const std::string_view word = words.at(code);
    if (word.empty()) continue;
    if (is_korean(word)) {
      if (!is_stop_word(word)) korean.push_back({word, prefix_of(word), code, counts[code]});
    } else if (is_counted(word)) {
      stems[code] = code;
    }
  }
  parallel_sort(std::span<KoreanWord>(korean), comes_before);
  std::vector<std::size_t> begins;  // Of words with another first syllable.
  for (std::size_t i = 0; i < korean.size(); ++i) {
    if (i == 0 || korean[i].first(1) != korean[i - 1].first(1)) begins.push_back(i);
  }
  begins.push_back(korean.size());
  for_each(begins.size() - 1, [&](std::size_t i) {
    const std::span<const KoreanWord> alike(korean.data() + begins[i], begins[i + 1] - begins[i]);
    StemCutter cutter(alike);
    cutter.run([&](const KoreanWord& word, std::string_view stem) {
      if (!is_counted(stem)) return;
      stems[word.code] = stem == word.text ? word.code : words.intern(stem);
    });
  });
  return stems;
}

}  // namespace grapevine
