#include "kernels/text/english_tokens.hpp"

#include <algorithm>
#include <bit>

#include <utf8proc.h>

#include "kernels/text/utf8.hpp"

namespace grapevine {
namespace {

enum Class : std::uint8_t {
  kSpace = 1,
  kPunctuation = 2,
  kCapital = 4,
  kSmall = 8,
  kBeyondAscii = 16,
  kMark = 32,  ///< One that is counted or may be in "n't".
};

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < 256; ++c) {
    const bool separator = c >= 0x1C && c <= 0x1F;
    if ((c >= 9 && c <= 13) || separator || c == ' ') classes[c] = kSpace;
    if (c > ' ' && c < 0x7F) classes[c] = kPunctuation;
    if (c >= '0' && c <= '9') classes[c] = 0;
    if (c >= 'A' && c <= 'Z') classes[c] = kCapital;
    if (c >= 'a' && c <= 'z') classes[c] = kSmall;
    if (c >= 0x80) classes[c] = kBeyondAscii;
  }
  for (const char c : {'!', '?', '\''}) classes[static_cast<unsigned char>(c)] |= kMark;
  return classes;
}();

std::uint8_t class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }

// Beyond ASCII, as White_Space and the bidirectional types of Unicode have it.
bool is_space(char32_t c) {
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::uint8_t case_of(char32_t c) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU: return kCapital;
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT: return kSmall;
    default: return 0;
  }
}

std::string_view without_punctuation(std::string_view token) {
  std::size_t begin = 0;
  std::size_t end = token.size();
  while (begin < end && (class_of(token[begin]) & kPunctuation) != 0) ++begin;
  while (begin < end && (class_of(token[end - 1]) & kPunctuation) != 0) --end;
  const std::string_view kept = token.substr(begin, end - begin);
  if (kept.size() > 8) return kept;
  std::size_t code_points = 0;
  for (std::size_t at = 0; at < kept.size(); at += code_point_at(kept, at).bytes) ++code_points;
  return code_points <= 2 ? token : kept;
}

bool holds_not(std::string_view text, std::size_t apostrophe) {
  return apostrophe > 0 && (text[apostrophe - 1] | 0x20) == 'n' && apostrophe + 1 < text.size() &&
         (text[apostrophe + 1] | 0x20) == 't';
}

}  // namespace

EnglishTokens tokenize_english(std::string_view text, std::pmr::memory_resource* memory) {
  const EnglishVocabulary& vocabulary = EnglishVocabulary::embedded();
  EnglishTokens found{.tokens = std::pmr::vector<EnglishToken>(memory)};
  found.tokens.reserve(std::min<std::size_t>(text.size() / 2 + 1, 256));
  std::size_t begin = 0;
  std::uint8_t seen = 0;
  bool contracted_not = false;
  const auto end_token = [&](std::size_t end) {
    if (end != begin) {
      const KnownWord& known =
          vocabulary.find(without_punctuation(text.substr(begin, end - begin)));
      const bool shouted = (seen & (kCapital | kSmall)) == kCapital;
      found.tokens.push_back({&known, shouted, contracted_not});
      found.shouted += shouted ? 1 : 0;
      found.english += known.rated || (known.languages & 1) != 0 ? 1 : 0;
      for (unsigned bits = known.languages; bits != 0; bits &= bits - 1) {
        ++found.function_words[static_cast<std::size_t>(std::countr_zero(bits))];
      }
    }
    seen = 0;
    contracted_not = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::uint8_t kind = class_of(text[at]);
    std::size_t bytes = 1;
    bool space = kind == kSpace;
    if (kind == kBeyondAscii) {
      const CodePoint point = code_point_at(text, at);
      bytes = point.bytes;
      space = is_space(point.value);
      if (!space) seen |= case_of(point.value);
    } else if ((kind & kMark) != 0) {
      found.exclamation_marks += text[at] == '!' ? 1 : 0;
      found.question_marks += text[at] == '?' ? 1 : 0;
      if (text[at] == '\'' && at > begin) contracted_not |= holds_not(text, at);
    }
    if (space) {
      end_token(at);
      begin = at + bytes;
    }
    seen |= kind;
    at += bytes;
  }
  end_token(text.size());
  return found;
}

}  // namespace grapevine
