#include "kernels/text/language.hpp"

#include <algorithm>

#include "kernels/text/text_memory.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSyllable = 3;  // In letters.
constexpr std::size_t kAlone = 6;     // So many times the other's letters.

bool is_of_another_language(const ScriptCounts& scripts, const EnglishTokens& tokens) {
  const auto& words = tokens.function_words;
  const std::size_t most = *std::max_element(words.begin() + 1, words.end());
  if (most > tokens.english && (most >= 2 || tokens.english == 0)) return true;
  return tokens.english == 0 && scripts.accented * 4 >= scripts.latin && scripts.accented != 0;
}

}  // namespace

Language language_of(const ScriptCounts& scripts, const EnglishTokens& tokens) {
  const std::size_t korean = scripts.hangul * kSyllable;
  const std::size_t latin = scripts.latin + scripts.accented;
  if (korean + latin == 0 || scripts.foreign * kSyllable > korean + latin) return Language::Other;
  if (latin * kAlone <= korean) return Language::Korean;
  const bool english = !is_of_another_language(scripts, tokens);
  if (korean * kAlone <= latin) return english ? Language::English : Language::Other;
  return english && tokens.english != 0 ? Language::Mixed : Language::Korean;
}

Language language_of(std::string_view text) {
  TextMemory memory;
  return language_of(count_scripts(text), tokenize_english(text, memory.resource()));
}

}  // namespace grapevine
