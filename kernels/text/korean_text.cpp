#include "kernels/text/korean_text.hpp"

#include <cstddef>

#include "kernels/text/links.hpp"
#include "kernels/text/utf8.hpp"

namespace grapevine {
namespace {

// Conjoining jamo, as keyboards of some systems send them: leads, vowels and tails (one less each).
constexpr char32_t kLead = 0x1100;
constexpr char32_t kVowel = 0x1161;
constexpr char32_t kTail = 0x11A7;
constexpr char32_t kSyllable = 0xAC00;
constexpr char32_t kLeads = 19;
constexpr char32_t kVowels = 21;
constexpr char32_t kTails = 28;

constexpr bool is_within(char32_t c, char32_t first, char32_t count) { return c - first < count; }

// The syllable that two symbols make; 0: they stay apart. The Unicode Standard, section 3.12.
char32_t compose(char32_t before, char32_t c) {
  if (is_within(before, kLead, kLeads) && is_within(c, kVowel, kVowels)) {
    return kSyllable + ((before - kLead) * kVowels + (c - kVowel)) * kTails;
  }
  const bool open =
      is_within(before, kSyllable, kLeads * kVowels * kTails) && (before - kSyllable) % kTails == 0;
  return open && c != kTail && is_within(c, kTail, kTails) ? before + (c - kTail) : 0;
}

// The symbol that stands for a code point; 0: nothing does.
char32_t symbol_of(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFF01 - '!';  // Full-width forms of ASCII.
  if (c >= 'A' && c <= 'Z') return c + ('a' - 'A');
  if (c <= ' ' || c == 0x7F || c == 0xA0 || c == 0x3000) return ' ';
  const bool joins = c == 0x200B || c == 0x200D || c == 0xFE0F || c == 0xFEFF;
  return joins || c == kReplacement ? 0 : c;
}

}  // namespace

std::pmr::vector<char32_t> normalize_korean(std::string_view text,
                                            std::pmr::memory_resource* memory) {
  std::pmr::vector<char32_t> symbols(memory);
  symbols.reserve(text.size() + 2);
  symbols.push_back(' ');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = symbols.size();
    const char32_t last = symbols.back();
    if (last == ' ') {
      const std::size_t end = end_of_link(text, at);
      if (end != at) {
        at = end;
        continue;
      }
    }
    const CodePoint point = code_point_at(text, at);
    at += point.bytes;
    const char32_t symbol = symbol_of(point.value);
    if (symbol == 0 || (symbol == ' ' && last == ' ')) continue;
    if (const char32_t syllable = compose(last, symbol); syllable != 0) {
      symbols.back() = syllable;
    } else if (size < 2 || symbol != last || symbol != symbols[size - 2]) {
      symbols.push_back(symbol);
    }
  }
  if (symbols.back() != ' ') symbols.push_back(' ');
  return symbols;
}

}  // namespace grapevine
