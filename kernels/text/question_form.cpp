#include "kernels/text/question_form.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "kernels/text/utf8.hpp"

namespace grapevine {
namespace {

constexpr char32_t kFirstSyllable = 0xAC00, kLastSyllable = 0xD7A3;
constexpr char32_t kFinalN = 4, kFinalL = 8,
                   kFinalB = 17;  // Final consonants of syllables: ㄴ, ㄹ, ㅂ.

bool is_one_of(std::string_view word, auto&& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Whether the syllable that ends `text` has that final consonant.
bool ends_with_final(std::string_view text, char32_t final_consonant) {
  if (text.empty()) return false;
  const char32_t last = code_point_before(text, text.size()).value;
  if (last < kFirstSyllable || last > kLastSyllable) return false;
  return (last - kFirstSyllable) % 28 == final_consonant;
}

// The bytes of an interrogative ending with which a sentence ends; 0: it has none.
std::size_t korean_ending(std::string_view sentence) {
  for (const std::string_view ending : {"는지요", "은지요", "을지요", "런지요"}) {
    if (sentence.ends_with(ending)) return ending.size();
  }
  // Not the verb 나다 by itself: "냄새가 나요".
  for (const std::string_view ending : {"나요", "나여"}) {
    if (sentence.ends_with(ending) && !sentence.ends_with(' ' + std::string(ending)) &&
        sentence.size() > ending.size()) {
      return ending.size();
    }
  }
  const auto ends_behind = [&](std::string_view ending, char32_t final_consonant) {
    if (!sentence.ends_with(ending)) return false;
    return ends_with_final(sentence.substr(0, sentence.size() - ending.size()), final_consonant);
  };
  if (ends_behind("까요", kFinalL) || ends_behind("까여", kFinalL)) return 6;
  if (ends_behind("가요", kFinalN) || ends_behind("가여", kFinalN)) return 6;
  if (ends_behind("니까", kFinalB)) return 6;
  if (ends_behind("까", kFinalL)) return 3;
  return 0;
}

// Takes the next English word off `text`, in small letters; empty: no letter is next.
std::string take_word(std::string_view& text) {
  constexpr std::size_t kBytesMax = 10;
  constexpr std::string_view kCurly = "\xE2\x80\x99";
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::string word;
  while (!text.empty() && word.size() <= kBytesMax) {
    const char small = static_cast<char>(text.front() | 0x20);
    if (small >= 'a' && small <= 'z') {
      word.push_back(small);
      text.remove_prefix(1);
    } else if (text.front() == '\'') {
      word.push_back('\'');
      text.remove_prefix(1);
    } else if (text.starts_with(kCurly)) {
      word.push_back('\'');
      text.remove_prefix(kCurly.size());
    } else {
      break;
    }
  }
  return word;
}

// The bytes with which a sentence begins as an English question; 0: it does not.
std::size_t english_beginning(std::string_view sentence) {
  static constexpr std::string_view kAsking[] = {"who",   "what", "when", "where", "why",
                                                 "which", "how",  "whom", "whose"};
  static constexpr std::string_view kAuxiliaries[] = {
      "is",    "are",    "was",     "were",     "do",       "does",   "did",   "can",
      "could", "will",   "would",   "should",   "has",      "have",   "had",   "may",
      "isn't", "aren't", "wasn't",  "don't",    "doesn't",  "didn't", "can't", "couldn't",
      "won't", "hasn't", "haven't", "wouldn't", "shouldn't"};
  static constexpr std::string_view kSubjects[] = {
      "i",     "you", "we", "they", "he",     "she",     "it",      "this",     "that", "these",
      "there", "the", "my", "your", "anyone", "anybody", "someone", "somebody", "our",  "those"};
  static constexpr std::string_view kAsked[] = {"to",    "much", "many", "long", "come",
                                                "often", "one",  "size", "time", "else"};
  std::string_view rest = sentence;
  const std::string first = take_word(rest);
  if (first.empty()) return 0;
  const std::string second = take_word(rest);
  const bool asks = is_one_of(first, kAsking) &&
                    (is_one_of(second, kAuxiliaries) ||
                     (is_one_of(second, kAsked) &&
                      (first == "how" || first == "which" || first == "what" || first == "who")));
  const bool turns = is_one_of(first, kAuxiliaries) && is_one_of(second, kSubjects);
  return asks || turns ? sentence.size() - rest.size() : 0;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Whether a question mark at `at`, of `bytes` bytes, ends a word of the text that is no link.
bool ends_question(std::string_view text, std::size_t at, std::size_t bytes) {
  if (at + bytes < text.size()) {
    const auto next = static_cast<unsigned char>(text[at + bytes]);
    const auto small = static_cast<unsigned char>(next | 0x20U);
    if ((small >= 'a' && small <= 'z') || (next >= '0' && next <= '9') || next == '=') return false;
  }
  std::size_t begin = at;
  while (begin > 0 && !is_space(text[begin - 1])) --begin;
  return text.substr(begin, at - begin).find("://") == std::string_view::npos;
}

}  // namespace

std::optional<TextStretch> find_question(std::string_view text) {
  constexpr std::string_view kWideMark = "\xEF\xBC\x9F";  // ？
  for (std::size_t at = text.find('?'); at != std::string_view::npos; at = text.find('?', at + 1)) {
    if (ends_question(text, at, 1)) return TextStretch{at, at + 1};
  }
  const std::size_t wide = text.find(kWideMark);
  if (wide != std::string_view::npos) return TextStretch{wide, wide + kWideMark.size()};

  constexpr std::string_view kEnds = ".!,;~\n\r";
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find_first_of(kEnds, begin);
    end = end == std::string_view::npos ? text.size() : end;
    std::size_t first = begin, last = end;
    while (first < last && is_space(text[first])) ++first;
    while (last > first && is_space(text[last - 1])) --last;
    // Single jamo and signs of mood may follow: "되나요 ㅠㅠ", "할까요ㅎㅎ".
    while (last > first) {
      const CodePoint point = code_point_before(text, last);
      const bool is_mood = (point.value >= 0x3131 && point.value <= 0x318E) || point.value == ' ' ||
                           point.value == '^' || point.value == '_' || point.value == ')' ||
                           point.value > 0x1F000;
      if (!is_mood) break;
      last -= point.bytes;
    }
    const std::string_view sentence = text.substr(first, last - first);
    if (const std::size_t bytes = korean_ending(sentence)) return TextStretch{last - bytes, last};
    const bool cries = end < text.size() && text[end] == '!';
    if (const std::size_t bytes = cries ? 0 : english_beginning(sentence)) {
      return TextStretch{first, first + bytes};
    }
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace grapevine
