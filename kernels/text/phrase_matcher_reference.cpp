#include "kernels/text/phrase_matcher_reference.hpp"

#include <algorithm>
#include <cstddef>
#include <regex>
#include <string>

namespace grapevine {
namespace {

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return small;
}

// A code point, told by its lead byte, or by the one that this one continues.
std::string character_at(std::string_view text, std::size_t at) {
  while ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return std::string(text.substr(at, end - at));
}

bool is_latin_or_digit(const std::string& c) {
  if (c.size() == 1) return std::isalnum(static_cast<unsigned char>(c[0])) != 0;
  return (c >= "\u00c0" && c <= "\u024f" && c != "\u00d7" && c != "\u00f7") ||
         (c >= "\u1e00" && c <= "\u1eff");
}

bool is_hangul(const std::string& c) {
  return (c >= "\uac00" && c <= "\ud7a3") || (c >= "\u3131" && c <= "\u318e") ||
         (c >= "\u1100" && c <= "\u11ff") || (c >= "\ua960" && c <= "\ua97c") ||
         (c >= "\ud7b0" && c <= "\ud7fb") || (c >= "\uffa0" && c <= "\uffdc");
}

// Whether a stretch of Hangul is up to three particles, by a regular expression.
bool are_particles(const std::string& hangul) {
  static const std::regex particles(
      "(은|는|이|가|을|를|의|에|에서|에게|께|께서|한테|와|과|랑|이랑|하고|도|만|로|으로|부터|까지|"
      "처럼|같은|"
      "같이|보다|마다|조차|마저|밖에|뿐|나|이나|라도|이라도|든지|이든지|라는|이라는|라고|이라고|란|"
      "이란|야|"
      "이야|아|이다|다|입니다|이에요|예요|이예요|인데|네|이네|네요|이네요|들|님|씨|측|쪽|이지|지|"
      "인가|인지|"
      "였는데|이었는데|요|이요|이죠|죠|임){0,3}");
  return std::regex_match(hangul, particles);
}

bool is_bounded(std::string_view text, const PhraseMatch& match, bool open_begin, bool open_end) {
  if (!open_begin && match.begin > 0) {
    const auto first = character_at(text, match.begin);
    const auto before = character_at(text, match.begin - 1);
    if (is_hangul(first) && is_hangul(before)) return false;
    if (is_latin_or_digit(first) && is_latin_or_digit(before)) return false;
  }
  if (open_end || match.end == text.size()) return true;
  const auto last = character_at(text, match.end - 1);
  if (is_latin_or_digit(last)) return !is_latin_or_digit(character_at(text, match.end));
  if (!is_hangul(last)) return true;
  std::string hangul;
  for (std::size_t at = match.end; at < text.size(); at = match.end + hangul.size()) {
    const auto next = character_at(text, at);
    if (!is_hangul(next)) break;
    hangul += next;
  }
  return are_particles(hangul);
}

}  // namespace

std::vector<PhraseMatch> match_phrases_reference(std::span<const Phrase> phrases,
                                                 std::string_view text) {
  std::vector<PhraseMatch> matches;
  const std::string small = lower(text);
  for (std::uint32_t i = 0; i < phrases.size(); ++i) {
    std::string phrase = lower(phrases[i].text);
    const bool open_begin = phrase.front() == '*';
    const bool open_end = phrase.size() > 1 && phrase.back() == '*';
    phrase = phrase.substr(open_begin ? 1 : 0,
                           phrase.size() - (open_begin ? 1 : 0) - (open_end ? 1 : 0));
    for (std::size_t at = small.find(phrase); at != std::string::npos;
         at = small.find(phrase, at + 1)) {
      const PhraseMatch match{i, at, at + phrase.size()};
      if (is_bounded(text, match, open_begin, open_end)) matches.push_back(match);
    }
  }
  std::sort(matches.begin(), matches.end(), [](const PhraseMatch& a, const PhraseMatch& b) {
    return a.end != b.end ? a.end < b.end : a.phrase < b.phrase;
  });
  return matches;
}

}  // namespace grapevine
