#include "kernels/text/scorn.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace grapevine {
namespace {

// So far praise stands from its failure, at most.
constexpr std::size_t kBytesBetween = 120;

bool is_letter(char c) {
  const char small = static_cast<char>(c | 0x20);
  return (small >= 'a' && small <= 'z') || c == '\'';
}

bool is_one_of(std::string_view word, auto&& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Calls `body(word)`, in small letters, for the English words of a text until one is true.
bool any_english_word(std::string_view text, const auto& body) {
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_letter(text[i])) {
      const bool is_capital = text[i] >= 'A' && text[i] <= 'Z';
      word.push_back(is_capital ? static_cast<char>(text[i] | 0x20) : text[i]);
    } else if (!word.empty()) {
      if (body(word)) return true;
      word.clear();
    }
  }
  return false;
}

bool holds_any(std::string_view text, auto&& parts) {
  return std::any_of(std::begin(parts), std::end(parts), [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

// What makes good, or sets praise against a failure.
bool is_mended(std::string_view text) {
  static constexpr std::array<std::string_view, 42> kEnglish{
      "but",       "however",  "although", "though",   "except",   "despite",   "until",
      "unless",    "when",     "if",       "first",    "fixed",    "fix",       "fixing",
      "fixes",     "replaced", "refunded", "repaired", "resolved", "resolving", "solved",
      "solving",   "sorted",   "sorting",  "helped",   "helping",  "handled",   "handling",
      "exchanged", "sent",     "gave",     "works",    "working",  "sorry",     "old",
      "previous",  "got",      "refund",   "return",   "returned", "received",  "quick"};
  static constexpr std::array<std::string_view, 24> kKorean{
      "지만", "는데",   "은데",    "인데", "던데",      "다만",    "그래도",  "그러나",
      "고쳐", "교환",   "바꿔",    "해결", "처리",      "수리",    "새 제품", "새것",
      "새걸", "환불받", "환불 받", "도와", "예전 제품", "다른 곳", "타사",    "걱정"};
  return holds_any(text, kKorean) ||
         any_english_word(text, [&](std::string_view word) { return is_one_of(word, kEnglish); });
}

// What happened more than once, or at once.
bool tells_of_more(std::string_view text) {
  static constexpr std::array<std::string_view, 8> kEnglish{
      "again", "another", "twice", "already", "thrice", "repeatedly", "still", "too"};
  static constexpr std::array<std::string_view, 7> kPairs{
      "second time", "third time", "fourth time", "fifth time", "day one", "first day", "day two"};
  static constexpr std::array<std::string_view, 12> kKorean{" 또 ", "또다시", "연속",   "만에",
                                                            "번째", "벌써",   "오늘도", "이번에도",
                                                            "첫날", "두 번",  "세 번",  "매번"};
  return holds_any(text, kPairs) || holds_any(text, kKorean) ||
         any_english_word(text, [&](std::string_view word) { return is_one_of(word, kEnglish); });
}

std::size_t sentence_ends(std::string_view text) {
  std::size_t ends = 0;
  bool was_end = false;
  for (const char c : text) {
    const bool is_end = c == '.' || c == '!' || c == '\n';
    ends += is_end && !was_end ? 1 : 0;
    was_end = is_end;
  }
  return ends;
}

// Whether English praise in [begin, end) is a clause by itself: "oh great,", "Well done team!".
bool is_exclamation(std::string_view text, std::size_t begin, std::size_t end) {
  static constexpr std::array<std::string_view, 13> kBefore{
      "oh",  "wow", "well",   "just",       "so",     "how", "ah",
      "yay", "gee", "simply", "absolutely", "really", "yeah"};
  static constexpr std::array<std::string_view, 12> kAddressed{
      "guys", "team", "folks", "everyone", "all",   "people",
      "work", "job",  "one",   "lads",     "start", "again"};
  if (!is_letter(text[begin])) return false;
  std::size_t from = begin;
  while (from > 0 && text[from - 1] != '.' && text[from - 1] != '!' && text[from - 1] != '\n')
    --from;
  const auto is_other = [](auto& words) {
    return [&](std::string_view word) { return !is_one_of(word, words); };
  };
  const std::string_view before = text.substr(from, begin - from);
  const auto is_foreign = [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; };
  if (std::any_of(before.begin(), before.end(), is_foreign)) return false;
  if (any_english_word(before, is_other(kBefore))) return false;
  const std::size_t close = std::min(text.find_first_of(",.!;:\n", end), text.find(" - ", end));
  if (close == std::string_view::npos) return false;
  const std::string_view behind = text.substr(end, close - end);
  return std::none_of(behind.begin(), behind.end(), is_foreign) &&
         !any_english_word(behind, is_other(kAddressed));
}

// "고장 난 걸 |보내주셔서 참| 감사하네요": what stands between a failure and thanks.
bool thanks_for_it(std::string_view between) {
  static constexpr std::array<std::string_view, 4> kGiven{"주셔서", "줘서", "주시니", "주시고"};
  static constexpr std::array<std::string_view, 24> kMeant{
      "데 ",  "지만", "서 ",  "니 ",  "고 ",  "까지", "라도", "에도",
      "들어", "설명", "알려", "안내", "확인", "응대", "상담", "답변",
      "대응", "신경", "배려", "사과", "봐",   "않",   "보상", "빠르"};
  for (const std::string_view given : kGiven) {
    const std::size_t at = between.find(given);
    if (at == std::string_view::npos) continue;
    return !holds_any(between.substr(0, at), kMeant) && !is_mended(between);
  }
  return false;
}

bool is_thanks(std::string_view word) {
  return word.starts_with("감사") || word.starts_with("고맙") || word.starts_with("고마");
}

}  // namespace

std::optional<TextStretch> find_scorn(std::string_view text, std::span<const FoundSign> signs) {
  const auto holds = [&](ServiceSign sign) {
    return std::any_of(signs.begin(), signs.end(),
                       [&](const FoundSign& of) { return of.sign == sign && !of.negated; });
  };
  if (!holds(ServiceSign::Praise) || !holds(ServiceSign::Complaint)) return std::nullopt;
  if (holds(ServiceSign::Question)) return std::nullopt;
  const auto is = [](const FoundSign& of, ServiceSign sign) {
    return of.sign == sign && !of.negated;
  };
  // The first failure, and the praise nearest to it on either side.
  const auto failure = std::find_if(signs.begin(), signs.end(), [&](const FoundSign& of) {
    return is(of, ServiceSign::Complaint);
  });
  const FoundSign* before = nullptr;
  const FoundSign* behind = nullptr;
  for (const FoundSign& of : signs) {
    if (!is(of, ServiceSign::Praise)) continue;
    if (of.end <= failure->begin) before = &of;
    if (of.begin >= failure->end && behind == nullptr) behind = &of;
  }
  if (behind != nullptr) {
    const std::size_t bytes = behind->begin - failure->end;
    const bool is_scorn = bytes <= kBytesBetween && is_thanks(text.substr(behind->begin)) &&
                          thanks_for_it(text.substr(failure->end, bytes));
    return is_scorn ? std::optional(TextStretch{failure->begin, behind->end}) : std::nullopt;
  }
  if (before == nullptr || failure->begin - before->end > kBytesBetween) return std::nullopt;
  const std::string_view between = text.substr(before->end, failure->begin - before->end);
  const bool is_good = is_mended(between) || is_mended(text.substr(failure->end));
  if (sentence_ends(between) > 1 || is_good) return std::nullopt;
  // To the end of the failure's sentence.
  const std::size_t end = std::min(text.find_first_of(".!\n", failure->end), text.size());
  const bool is_more = tells_of_more(text.substr(before->end, end - before->end));
  if (!is_more && !is_exclamation(text, before->begin, before->end)) return std::nullopt;
  return TextStretch{before->begin, failure->end};
}

}  // namespace grapevine
