#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "storage/dictionary.hpp"

namespace grapevine {

/// A Korean word of a dictionary.
struct KoreanWord {
  static constexpr std::size_t kSyllableBytes =
      3;  ///< Of composed Hangul: such words have no else.

  std::string_view text;
  std::uint64_t prefix;     ///< The first 8 bytes of the text as one number, in the order of texts.
  std::uint32_t code;       ///< Of the dictionary.
  std::uint32_t shared{0};  ///< Syllables that it begins with like the word before.
  std::uint32_t names{0};   ///< Bit l: what comes behind its first l syllables may be particles.

  [[nodiscard]] std::size_t syllables() const { return text.size() / kSyllableBytes; }
  [[nodiscard]] std::string_view first(std::size_t syllables) const {
    return text.substr(0, syllables * kSyllableBytes);
  }
};

/// Which words of a dictionary are counted, and its Korean ones side by side where they begin alike:
/// what stems need to know, whatever is counted. Immutable.
class WordOrder {
 public:
  WordOrder() = default;
  /// Brings an order up to the words that came behind it.
  ///
  /// Shapes  before: of the same dictionary, of which no word was forgotten since.
  /// Cost    O(new words x log) and a copy of the old ones.
  WordOrder(const Dictionary& words, const WordOrder& before);

  /// The words that it knows: codes [0, size()).
  [[nodiscard]] std::size_t size() const { return is_own_stem_.size(); }
  /// Whether a word is none of Korean and says something.
  [[nodiscard]] bool is_own_stem(std::uint32_t code) const { return is_own_stem_[code] != 0; }
  /// By rising texts, without stop words.
  [[nodiscard]] std::span<const KoreanWord> korean() const { return korean_; }
  /// Where words with another first syllable begin in `korean`, and its end.
  [[nodiscard]] std::span<const std::size_t> begins() const { return begins_; }

 private:
  void add_new(const Dictionary& words, std::vector<KoreanWord>& korean);

  std::vector<std::uint8_t> is_own_stem_;  // By code.
  std::vector<KoreanWord> korean_;
  std::vector<std::size_t> begins_{0};
};

}  // namespace grapevine
