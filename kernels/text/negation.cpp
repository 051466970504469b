#include "kernels/text/negation.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

namespace grapevine {
namespace {

constexpr int kWordsBefore = 4;
constexpr std::size_t kWordBytesMax = 12;  // Of those that are looked for.

bool is_letter(char c) {
  const char small = static_cast<char>(c | 0x20);
  return (small >= 'a' && small <= 'z') || c == '\'';
}

bool is_one_of(std::string_view word, auto&& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Takes the last English word off `text`, in small letters and with straight apostrophes; empty:
// something else stands there, such as the end of a clause.
std::string take_last_word(std::string_view& text) {
  constexpr std::string_view kCurly = "\xE2\x80\x99";
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::string word;
  while (!text.empty() && word.size() <= kWordBytesMax) {
    if (is_letter(text.back())) {
      const char c = text.back();
      word.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
      text.remove_suffix(1);
    } else if (text.ends_with(kCurly)) {
      word.push_back('\'');
      text.remove_suffix(kCurly.size());
    } else {
      break;
    }
  }
  std::reverse(word.begin(), word.end());
  return word;
}

bool denies(std::string_view word) {
  static constexpr std::string_view kWords[] = {
      "not",     "no",    "never",  "without", "neither", "nor",  "nobody", "none",
      "nothing", "zero",  "cannot", "didnt",   "doesnt",  "dont", "isnt",   "wasnt",
      "wont",    "arent", "werent", "hasnt",   "havent",  "cant", "hardly"};
  return word.ends_with("n't") || is_one_of(word, kWords);
}

// Whether `text` begins with one of `words`, which is taken off.
bool take_one_of(std::string_view& text, auto&& words) {
  for (const std::string_view word : words) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return true;
  }
  return false;
}

// Whether what ends there is said to be absent, by a noun of its own: "다친 |곳은 없어요", "화상| 위험이
// 없어요", "이물질|은 발견되지 않았습니다".
bool is_absent_in_korean(std::string_view behind) {
  static constexpr std::array<std::string_view, 17> kEndings{
      "은 ", "는 ", "이 ", "가 ", "도 ", "을 ", "를 ", "의 ", "될 ",
      "할 ", "날 ", "한 ", "된 ", "난 ", "인 ", "일 ", " "};
  static constexpr std::array<std::string_view, 24> kNouns{
      "곳",   "사람", "데",   "적", "일", "위험", "걱정", "염려", "반응", "피해", "우려", "가능성",
      "증상", "문제", "흔적", "분", "것", "사고", "자국", "신고", "조짐", "냄새", "상처", "후유증"};
  static constexpr std::array<std::string_view, 7> kParticles{"은 ", "는 ",       "이 ", "가 ",
                                                              "도 ", "이라고는 ", " "};
  static constexpr std::array<std::string_view, 5> kStressing{"전혀 ", "거의 ", "하나도 ", "아예 ",
                                                              "아직 "};
  static constexpr std::array<std::string_view, 3> kFound{"발견되지", "발생하지", "보고되지"};
  if (!take_one_of(behind, kEndings)) return false;
  take_one_of(behind, kStressing);
  if (take_one_of(behind, kFound)) {
    return behind.starts_with(" 않") || behind.starts_with("는 않") || behind.starts_with("도 않");
  }
  if (take_one_of(behind, kNouns) && !take_one_of(behind, kParticles)) return false;
  take_one_of(behind, kStressing);
  return behind.starts_with("없");
}

}  // namespace

bool is_denied_before(std::string_view text, std::size_t begin) {
  // What turns a denial around: "didn't stop burning", "not only hurt".
  static constexpr std::string_view kTurns[] = {
      "stop",  "stopped", "prevent", "prevented", "avoid",  "only",  "just", "merely",
      "know",  "believe", "wonder",  "care",      "expect", "think", "long", "before",
      "until", "so",      "such",    "badly",     "but",    "even",  "wait"};
  std::string_view before = text.substr(0, begin);
  if (begin > 0 && is_letter(before.back())) return false;
  for (int i = 0; i < kWordsBefore; ++i) {
    const std::string word = take_last_word(before);
    if (word.empty() || is_one_of(word, kTurns)) return false;
    if (denies(word)) return true;
  }
  return false;
}

bool is_denied_in_korean(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view before = text.substr(0, begin);
  for (const std::string_view word : {"안 ", "못 "}) {
    if (!before.ends_with(word)) continue;
    const std::size_t at = before.size() - word.size();
    if (at == 0 || before[at - 1] == ' ' || before[at - 1] == '\n') return true;
  }
  static constexpr std::array<std::string_view, 24> kBetween{
      "하지는", "하지도", "되지는", "되지도", "나지는", "나지도", "하지", "되지",
      "나지",   "하진",   "지는",   "지도",   "이라고", "이나",   "지",   "진",
      "이",     "가",     "은",     "는",     "도",     "을",     "를",   "의"};
  static constexpr std::array<std::string_view, 4> kOfVerbs{"않", "못", "말", "아니"};
  static constexpr std::array<std::string_view, 4> kOfNouns{"없", "아니", "아닌", "아님"};
  std::string_view behind = text.substr(end);
  if (is_absent_in_korean(behind)) return true;
  const std::string_view rest = behind;
  take_one_of(behind, kBetween);
  const std::string_view ending = rest.substr(0, rest.size() - behind.size());
  if (behind.starts_with(' ')) behind.remove_prefix(1);
  static constexpr std::array<std::string_view, 7> kStressing{
      "거의 ", "전혀 ", "하나도 ", "아예 ", "한 번 ", "한 번도 ", "일절 "};
  take_one_of(behind, kStressing);  // "고장 한 번 없이".
  const bool is_verb = ending.find("지") != std::string_view::npos ||
                       ending.find("진") != std::string_view::npos ||
                       text.substr(begin, end - begin).ends_with("지");
  return is_verb ? take_one_of(behind, kOfVerbs) : take_one_of(behind, kOfNouns);
}

}  // namespace grapevine
