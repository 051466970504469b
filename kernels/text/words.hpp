#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace grapevine {

/// Splits texts into the words that are counted: stretches of letters of one script, or of Latin
/// letters and digits, in small letters. Apostrophes inside a word belong to it.
///
/// Links, @names, numbers, single jamo (ㅋㅋ) and words of more than kBytesMax bytes are none. The sign
/// before a hashtag does not matter. Hangul in conjoining jamo is composed first. Not thread-safe:
/// it keeps the word that it is at.
class WordSplitter {
 public:
  static constexpr std::size_t kBytesMax = 60;

  /// Calls `word(bytes)` for each word, and `gap()` before the next one where more than white space
  /// lies between: another script, a sign, a word that is none. Cost: one pass.
  template <typename Word, typename Gap>
  void split(std::string_view text, const Word& word, const Gap& gap) {
    std::string_view rest = prepare(text);
    for (Piece piece; next(rest, piece);) {
      if (piece.after_gap) gap();
      if (piece.is_word) word(std::string_view(word_));
    }
  }

 private:
  struct Piece {
    bool is_word = false;
    bool after_gap = false;
  };
  // The text to be split: composed where it must be.
  std::string_view prepare(std::string_view text);
  // Takes what comes next off the text, a word into word_; false: there is nothing.
  bool next(std::string_view& text, Piece& piece);
  bool take_word(std::string_view& text);

  std::string word_;
  std::string composed_;
  bool at_token_ = true;  // Whether a link or a name may begin here.
};

}  // namespace grapevine
