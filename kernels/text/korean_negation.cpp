#include "kernels/text/korean_negation.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace grapevine {
namespace {

constexpr std::size_t kWordMax = 24;  // Symbols; what is longer is no word of Korean.
constexpr char32_t kFinalN = 4, kFinalL = 8;

bool is_one_of(char32_t symbol, std::u32string_view symbols) {
  return symbols.find(symbol) != std::u32string_view::npos;
}

bool has_final(char32_t syllable, char32_t final_consonant) {
  return syllable >= 0xAC00 && syllable <= 0xD7A3 && (syllable - 0xAC00) % 28 == final_consonant;
}
bool is_adnominal(char32_t last) { return has_final(last, kFinalN) || has_final(last, kFinalL); }

// Symbols [begin, end) of a text; empty: no word.
struct Word {
  std::size_t begin = 0, end = 0;
  bool empty() const { return begin == end; }
};

class Negations {
 public:
  Negations(std::span<const char32_t> symbols, std::pmr::memory_resource* memory)
      : symbols_(symbols), scopes_(memory) {}

  std::pmr::vector<NegationScope> find() {
    for (std::size_t i = 1; i + 1 < symbols_.size(); ++i) {
      switch (symbols_[i]) {
        case U'안': negate_behind(i, kBehindAn); break;
        case U'못':
          if (!negate_stem(i)) negate_behind(i, kBehindMot);
          break;
        case U'않':
          if (!asks_for_agreement(i)) negate_stem(i);
          break;
        case U'마':
          if (is_one_of(symbols_[i + 1], U"세요라시십셈 ")) negate_stem(i);
          break;
        case U'말':
          if (is_one_of(symbols_[i + 1], U"고아자길기라았것")) negate_stem(i);
          break;
        case U'없': negate_existing(i); break;
        case U'아':
          if (is_one_of(symbols_[i + 1], U"니닌님닙녜냐")) negate_being(i);
          break;
        case U'모':
          if (is_one_of(symbols_[i + 1], U"르를른름")) negate_knowing(i);
          break;
        default: break;
      }
    }
    if (!scopes_.empty()) silence_companions();
    return std::move(scopes_);
  }

 private:
  // With what verbs and adjectives begin behind 안 and 못 that are written on to them; other words
  // begin with these syllables too: 안녕, 안심, 못생긴.
  static constexpr std::u32string_view kBehindAn =
      U"좋맞예비무되돼됨됩된될가갑간갈와온올왔사산살샀써쓰쓴쓸봐보본볼봤하해한할합했"
      U"웃재슬맛매짜아어작크커켜들먹뜨편친빠졸질지나난났받팔읽잡통터움";
  static constexpr std::u32string_view kBehindMot =
      U"하해했할합보봐봤볼쓰써쓸먹입가갔갈오왔살사샀받믿참견찾알느따잡자잤걸뛰열";

  std::u32string_view of(Word word) const {
    return {symbols_.data() + word.begin, word.end - word.begin};
  }
  bool begins_word(std::size_t i) const { return symbols_[i - 1] == ' '; }

  Word word_before(std::size_t begin) const {  // The one whose space is before `begin`.
    if (begin < 2) return {};
    const std::size_t end = begin - 1;
    std::size_t first = end;
    while (first > 0 && symbols_[first - 1] != ' ' && end - first <= kWordMax) --first;
    return end - first > kWordMax ? Word{} : Word{first, end};
  }

  Word word_from(std::size_t begin) const {
    std::size_t end = begin;
    while (end < symbols_.size() && symbols_[end] != ' ' && end - begin <= kWordMax) ++end;
    return end - begin > kWordMax ? Word{} : Word{begin, end};
  }

  void turn(Word word) {
    if (word.empty()) return;
    if (scopes_.empty()) scopes_.resize(symbols_.size());
    const std::size_t begin = word.begin - (begins_word(word.begin) ? 1 : 0);
    for (std::size_t i = begin; i < word.end; ++i) {
      const bool was_turned = scopes_[i] == NegationScope::Turned;
      scopes_[i] = was_turned ? NegationScope::Plain : NegationScope::Turned;
    }
    // What is itself a negation passes it on: 좋지 않을 수 없다, 재미가 없지 않다.
    if (symbols_[word.begin] == U'않' || symbols_[word.begin] == U'없') {
      const Word before = word_before(word.begin);
      if (!before.empty()) turn_once(before);
    }
  }
  void turn_once(Word word) {
    const std::size_t stem = of(word).ends_with(U"지") ? 1 : 0;
    for (std::size_t i = word.begin - 1; i < word.end - stem; ++i) {
      const bool was_turned = scopes_[i] == NegationScope::Turned;
      scopes_[i] = was_turned ? NegationScope::Plain : NegationScope::Turned;
    }
  }

  void negate_behind(std::size_t i, std::u32string_view written_on) {
    if (!begins_word(i)) return;
    if (symbols_[i + 1] == ' ') {
      if (i + 2 < symbols_.size()) turn(word_from(i + 2));
    } else if (is_one_of(symbols_[i + 1], written_on)) {
      turn(word_from(i + 1));
    }
  }

  // The place of the 지 of a stem that what begins at `i` negates; 0: none.
  std::size_t ji_before(std::size_t i) const {
    std::size_t at = i - 1;
    if (symbols_[at] == ' ' && at > 0) --at;
    if (is_one_of(symbols_[at], U"는은가도를") && at > 0) --at;
    return is_one_of(symbols_[at], U"지진질") ? at : 0;
  }

  bool negate_stem(std::size_t i) {
    const std::size_t ji = ji_before(i);
    if (ji == 0 || is_one_of(symbols_[ji - 1], U" 까못머")) return false;
    const Word word = word_before(ji + 1);
    if (word.empty()) return false;
    turn({word.begin, word.end - 1});
    return true;
  }

  bool asks_for_agreement(std::size_t i) const {  // 좋지 않나요, 좋지 않을까, 좋지 않아?
    const Word word = word_from(i);
    const std::u32string_view text = of(word);
    return text.starts_with(U"않나") || text.starts_with(U"않을까") || text.starts_with(U"않니") ||
           text.starts_with(U"않냐") || text.starts_with(U"않습니까") || text.ends_with(U"?");
  }

  void turn_with_adnominal(Word noun) {
    turn(noun);
    const Word said = word_before(noun.begin);
    if (said.empty() || !is_adnominal(symbols_[said.end - 1])) return;
    turn(said);
    if (said.end - said.begin == 1) turn(word_before(said.begin));  // 고장 난 적이 없다.
  }

  void negate_existing(std::size_t i) {
    if (!begins_word(i)) return;  // 재미없, 맛없: words of their own.
    const Word noun = word_before(i);
    if (noun.empty()) return;
    const std::u32string_view text = of(noun);
    const Word before = word_before(noun.begin);
    const char32_t first = text.front();
    if (text.ends_with(U"밖에") || text == U"나위") return;
    if (text.size() <= 2 && (first == U'수' || first == U'리') && !before.empty() &&
        has_final(symbols_[before.end - 1], kFinalL)) {
      const Word than = word_before(before.begin);
      if (first == U'수' && !than.empty() && of(than).ends_with(U"보다")) return;
      return turn(before);
    }
    const bool is_bound = text.size() <= 2 && is_one_of(first, U"데점것게곳적일바");
    is_bound ? turn_with_adnominal(noun) : turn(noun);
  }

  void negate_being(std::size_t i) {
    if (!begins_word(i)) return;
    const Word noun = word_before(i);
    if (noun.end - noun.begin < 2 || !is_one_of(symbols_[noun.end - 1], U"은는이가도건진게"))
      return;
    turn_with_adnominal(noun);
  }

  void negate_knowing(std::size_t i) {
    if (!begins_word(i)) return;
    const Word word = word_before(i);
    if (word.empty()) return;
    const std::u32string_view text = of(word);
    const Word before = word_before(word.begin);
    if (text == U"줄" || text == U"줄은" || text == U"줄을") {
      if (!before.empty() && is_adnominal(symbols_[before.end - 1]) && of(before) != U"가는") {
        turn(before);
      }
    } else if (text.size() > 2 && text.back() == U'지' &&
               has_final(text[text.size() - 2], kFinalN)) {
      const bool marvels = !before.empty() && (of(before) == U"얼마나" || of(before) == U"어찌나");
      if (!marvels) turn({word.begin, word.end - 1});
    }
  }

  // Adverbs that stand before negations and sound bad by themselves.
  void silence_companions() {
    constexpr std::size_t kWordsBehind = 3;
    for (std::size_t i = 1; i < symbols_.size(); ++i) {
      if (!begins_word(i) || !is_one_of(symbols_[i], U"별그전")) continue;
      const Word word = word_from(i);
      const std::u32string_view text = of(word);
      if (text != U"별로" && text != U"그다지" && text != U"전혀") continue;
      std::size_t at = word.end;
      for (std::size_t n = 0; n < kWordsBehind && at + 1 < symbols_.size(); ++n) {
        if (scopes_[at] == NegationScope::Turned) {
          std::fill(scopes_.begin() + static_cast<std::ptrdiff_t>(word.begin),
                    scopes_.begin() + static_cast<std::ptrdiff_t>(word.end), NegationScope::Silent);
          break;
        }
        const Word next = word_from(at + 1);
        if (next.empty()) break;
        at = next.end;
      }
    }
  }

  std::span<const char32_t> symbols_;
  std::pmr::vector<NegationScope> scopes_;
};

}  // namespace

std::pmr::vector<NegationScope> find_korean_negation(std::span<const char32_t> symbols,
                                                     std::pmr::memory_resource* memory) {
  return Negations(symbols, memory).find();
}

}  // namespace grapevine
