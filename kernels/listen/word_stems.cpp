#include "kernels/listen/word_stems.hpp"

#include <cmath>
#include <cstddef>
#include <string_view>

#include "kernels/listen/word_streams.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/text/name_boundary.hpp"
#include "kernels/text/stop_words.hpp"

namespace grapevine {
namespace {

// Cuts words that begin with the same syllable.
class StemCutter {
 public:
  StemCutter(std::span<const KoreanWord> korean, std::span<const std::uint64_t> counts,
             Dictionary& words, std::vector<std::uint32_t>& stems)
      : korean_(korean), counts_(counts), words_(words), stems_(stems) {
    count_before_.reserve(korean.size() + 1);
    count_before_.push_back(0);
    for (const KoreanWord& word : korean) {
      count_before_.push_back(count_before_.back() + count_of(word));
    }
  }

  void run() { cut_range(0, korean_.size(), 1); }

 private:
  static constexpr std::uint32_t kNotLookedFor = UINT32_MAX;

  // The first syllables that words have in common.
  struct Beginning {
    std::uint64_t count;  // Of words that begin so.
    double log_count;     // Its logarithm.
    std::size_t best;     // Syllables, up to these, that hold together best.
    double best_score;    // How well they do.
    std::uint32_t code;   // Under which they are counted.
  };

  [[nodiscard]] std::uint64_t count_of(const KoreanWord& word) const {
    return word.code < counts_.size() ? counts_[word.code] : 0;
  }

  // Words [begin, end) have their first `depth` syllables in common, and ascend.
  void cut_range(std::size_t begin, std::size_t end, std::size_t depth) {
    const std::uint64_t count = count_before_[end] - count_before_[begin];
    if (count == 0) return;
    enter(count, depth);
    // The word that is these syllables and nothing more comes first.
    if (const KoreanWord& whole = korean_[begin]; whole.syllables() == depth) {
      if (depth > 1) path_.back().code = whole.code;
      if (count_of(whole) > 0) stems_[whole.code] = stem_of(whole);
      ++begin;
    }
    while (begin < end) {
      std::size_t beyond = begin + 1;
      while (beyond < end && korean_[beyond].shared > depth) ++beyond;
      path_.resize(depth);
      cut_range(begin, beyond, depth + 1);
      begin = beyond;
    }
  }

  void enter(std::uint64_t count, std::size_t depth) {
    Beginning of{count, std::log(static_cast<double>(count)), depth, -INFINITY,
                 depth == 1 ? kWordGap : kNotLookedFor};
    if (depth > 1) {
      const double share = of.log_count - path_.front().log_count;
      of.best_score = share / static_cast<double>(depth - 1);
      if (of.best_score < path_.back().best_score) {
        of.best = path_.back().best;
        of.best_score = path_.back().best_score;
      }
    }
    path_.push_back(of);
  }

  // `word` ends where the path does.
  std::uint32_t stem_of(const KoreanWord& word) {
    const std::size_t best = path_.back().best;
    const bool is_whole = best == word.syllables();
    const std::string_view kept = word.first(best);
    for (std::size_t l = 2; l < best; ++l) {
      const bool others_begin_so = path_[l - 1].count > path_[best - 1].count;
      if (!others_begin_so) continue;
      const bool is_name =
          is_whole ? (word.names >> l & 1) != 0 : ends_name(kept, l * KoreanWord::kSyllableBytes);
      if (is_name) return code_of(word, l);
    }
    return code_of(word, best);
  }

  std::uint32_t code_of(const KoreanWord& word, std::size_t syllables) {
    std::uint32_t& code = path_[syllables - 1].code;
    if (code == kNotLookedFor) {
      const std::string_view stem = word.first(syllables);
      code = is_stop_word(stem) ? kWordGap : words_.intern(stem);
    }
    return code;
  }

  std::span<const KoreanWord> korean_;
  std::span<const std::uint64_t> counts_;
  Dictionary& words_;
  std::vector<std::uint32_t>& stems_;
  std::vector<std::uint64_t> count_before_;  // Of all words before each, and of all.
  std::vector<Beginning> path_;              // By syllables, less one.
};

}  // namespace

std::vector<std::uint32_t> stem_words(Vocabulary& vocabulary,
                                      std::span<const std::uint64_t> counts) {
  const auto order = vocabulary.order();
  std::vector<std::uint32_t> stems(counts.size(), kWordGap);
  for (std::uint32_t code = kWordGap + 1; code < counts.size(); ++code) {
    if (counts[code] > 0 && order->is_own_stem(code)) stems[code] = code;
  }
  const std::span<const std::size_t> begins = order->begins();
  for_each(begins.size() - 1, [&](std::size_t i) {
    const auto alike = order->korean().subspan(begins[i], begins[i + 1] - begins[i]);
    StemCutter(alike, counts, vocabulary.words(), stems).run();
  });
  return stems;
}

}  // namespace grapevine
