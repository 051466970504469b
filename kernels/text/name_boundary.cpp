#include "kernels/text/name_boundary.hpp"

#include "kernels/text/scripts.hpp"
#include "kernels/text/utf8.hpp"

namespace grapevine {
namespace {

// What is written onto nouns: case and auxiliary particles, the copula's usual forms, plural.
constexpr std::string_view kParticles[] = {
    "은",     "는",     "이",     "가",     "을",   "를",   "의",     "에",   "에서",   "에게",
    "께",     "께서",   "한테",   "와",     "과",   "랑",   "이랑",   "하고", "도",     "만",
    "로",     "으로",   "부터",   "까지",   "처럼", "같은", "같이",   "보다", "마다",   "조차",
    "마저",   "밖에",   "뿐",     "나",     "이나", "라도", "이라도", "든지", "이든지", "라는",
    "이라는", "라고",   "이라고", "란",     "이란", "야",   "이야",   "아",   "이다",   "다",
    "입니다", "이에요", "예요",   "이예요", "인데", "네",   "이네",   "네요", "이네요", "들",
    "님",     "씨",     "측",     "쪽",     "이지", "지",   "인가",   "인지", "였는데", "이었는데",
    "요",     "이요",   "이죠",   "죠",     "임"};
constexpr int kParticlesMax = 3;

bool is_latin_or_digit(char32_t c) {
  return is_ascii_letter(c) || (c >= '0' && c <= '9') || is_accented_latin(c);
}

bool hangul_follows(std::string_view text, std::size_t at) {
  return at < text.size() && is_hangul(code_point_at(text, at).value);
}

// Whether all Hangul from `at` on is particles, at most `most` of them.
bool are_particles(std::string_view text, std::size_t at, int most) {
  if (!hangul_follows(text, at)) return true;
  if (most == 0) return false;
  for (const std::string_view particle : kParticles) {
    if (text.substr(at).starts_with(particle) &&
        are_particles(text, at + particle.size(), most - 1)) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool begins_name(std::string_view text, std::size_t begin) {
  if (begin == 0 || begin == text.size()) return true;
  const char32_t before = code_point_before(text, begin).value;
  const char32_t first = code_point_at(text, begin).value;
  if (is_hangul(first)) return !is_hangul(before);
  return !is_latin_or_digit(first) || !is_latin_or_digit(before);
}

bool ends_name(std::string_view text, std::size_t end) {
  if (end == text.size()) return true;
  const char32_t last = code_point_before(text, end).value;
  if (is_hangul(last)) return are_particles(text, end, kParticlesMax);
  return !is_latin_or_digit(last) || !is_latin_or_digit(code_point_at(text, end).value);
}

}  // namespace grapevine
