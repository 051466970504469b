#include "kernels/listen/word_order.hpp"

#include <algorithm>
#include <iterator>

#include "kernels/listen/word_streams.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"
#include "kernels/text/name_boundary.hpp"
#include "kernels/text/stop_words.hpp"
#include "kernels/text/words.hpp"

namespace grapevine {
namespace {

enum class WordKind : std::uint8_t { NotCounted, OwnStem, Korean };

WordKind kind_of(std::string_view word) {
  if (word.empty() || is_stop_word(word)) return WordKind::NotCounted;
  const auto byte = static_cast<unsigned char>(word.front());
  const bool is_korean =
      byte >= 0xEA && byte <= 0xED && word.size() % KoreanWord::kSyllableBytes == 0;
  if (is_korean) return WordKind::Korean;
  return word.size() > 1 ? WordKind::OwnStem : WordKind::NotCounted;
}

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

std::uint32_t syllables_shared(const KoreanWord& a, const KoreanWord& b) {
  const auto differ = std::ranges::mismatch(a.text, b.text).in1;
  return static_cast<std::uint32_t>(static_cast<std::size_t>(differ - a.text.begin()) /
                                    KoreanWord::kSyllableBytes);
}

std::uint32_t names_in(const KoreanWord& word) {
  std::uint32_t names = 0;
  for (std::size_t l = 2; l < word.syllables(); ++l) {
    if (ends_name(word.text, l * KoreanWord::kSyllableBytes)) names |= std::uint32_t{1} << l;
  }
  return names;
}
static_assert(WordSplitter::kBytesMax / KoreanWord::kSyllableBytes < 32, "a bit for each syllable");

}  // namespace

WordOrder::WordOrder(const Dictionary& words, const WordOrder& before)
    : is_own_stem_(before.is_own_stem_) {
  std::vector<KoreanWord> korean;
  add_new(words, korean);
  constexpr std::size_t kWordsTogether = std::size_t{1} << 14;
  for_each_block(korean.size(), kWordsTogether, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) korean[i].names = names_in(korean[i]);
  });
  parallel_sort(std::span(korean), comes_before);
  korean_.reserve(before.korean_.size() + korean.size());
  std::ranges::merge(before.korean_, korean, std::back_inserter(korean_), comes_before);

  const auto is_new = [&](std::size_t i) { return korean_[i].code >= before.size(); };
  for_each_block(korean_.size(), kWordsTogether, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = std::max<std::size_t>(begin, 1); i < end; ++i) {
      if (!is_new(i - 1) && !is_new(i)) continue;
      korean_[i].shared = syllables_shared(korean_[i - 1], korean_[i]);
    }
  });
  for (std::size_t i = 1; i < korean_.size(); ++i) {
    if (korean_[i].shared == 0) begins_.push_back(i);
  }
  if (!korean_.empty()) {
    korean_.front().shared = 0;
    begins_.push_back(korean_.size());
  }
}

void WordOrder::add_new(const Dictionary& words, std::vector<KoreanWord>& korean) {
  const std::size_t size = words.size();
  is_own_stem_.reserve(size);
  for (auto code = static_cast<std::uint32_t>(is_own_stem_.size()); code < size; ++code) {
    const std::string_view word = words.at(code);
    const WordKind kind = code == kWordGap ? WordKind::NotCounted : kind_of(word);
    is_own_stem_.push_back(kind == WordKind::OwnStem ? 1 : 0);
    if (kind == WordKind::Korean) korean.push_back({word, prefix_of(word), code});
  }
}

}  // namespace grapevine
