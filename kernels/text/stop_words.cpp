#include "kernels/text/stop_words.hpp"

#include <algorithm>
#include <array>

namespace grapevine {
namespace {

// clang-format off
constexpr std::string_view kStopWords[] = {
    // English: pronouns, articles, prepositions, conjunctions, auxiliaries, and the like.
    "a", "about", "above", "after", "again", "against", "all", "also", "am", "an", "and", "any",
    "are", "aren't", "as", "at", "be", "because", "been", "before", "being", "below", "between",
    "both", "but", "by", "can", "can't", "cannot", "could", "couldn't", "did", "didn't", "do",
    "does", "doesn't", "doing", "don't", "down", "during", "each", "even", "few", "for", "from",
    "further", "get", "gets", "got", "had", "hadn't", "has", "hasn't", "have", "haven't", "having",
    "he", "he's", "her", "here", "hers", "herself", "him", "himself", "his", "how", "i", "i'd",
    "i'll", "i'm", "i've", "if", "in", "into", "is", "isn't", "it", "it's", "its", "itself", "just",
    "let", "let's", "like", "ll", "me", "more", "most", "much", "must", "my", "myself", "no", "nor",
    "not", "now", "of", "off", "oh", "on", "once", "one", "only", "or", "other", "our", "ours",
    "ourselves", "out", "over", "own", "re", "really", "rt", "same", "she", "she's", "should",
    "shouldn't", "so", "some", "still", "such", "than", "that", "that's", "the", "their", "theirs",
    "them", "themselves", "then", "there", "there's", "these", "they", "they're", "they've", "this",
    "those", "through", "to", "too", "u", "under", "until", "up", "us", "ve", "very", "was",
    "wasn't", "we", "we'll", "we're", "we've", "were", "weren't", "what", "what's", "when", "where",
    "which", "while", "who", "whom", "why", "will", "with", "won't", "would", "wouldn't", "you",
    "you'd", "you'll", "you're", "you've", "your", "yours", "yourself", "yourselves",
    // Korean: pronouns, determiners, conjunctions, adverbs of degree, bound nouns, being and doing.
    "그", "저", "이", "것", "거", "게", "걸", "건", "수", "등", "및", "더", "또", "안", "못", "잘",
    "좀", "다", "나", "너", "내", "네", "제", "왜", "뭐", "난", "전", "때", "중", "후", "참", "막",
    "이것", "그것", "저것", "이거", "그거", "저거", "이게", "그게", "저게", "여기", "거기", "저기",
    "우리", "저희", "너희", "누가", "누구", "무엇", "무슨", "어떤", "어떻게", "어디", "언제", "얼마",
    "이런", "그런", "저런", "이렇게", "그렇게", "저렇게", "모든", "다른", "같은", "많이", "조금",
    "그리고", "그러나", "그래서", "그런데", "근데", "하지만", "그러면", "그럼", "또는", "혹은", "또한",
    "그래도", "그냥", "너무", "진짜", "정말", "매우", "아주", "가장", "제일", "역시", "다시", "바로",
    "이미", "아직", "항상", "계속", "거의", "특히", "아니", "아니라", "아닌", "없이", "위해", "대한",
    "대해", "통해", "따라", "관련", "경우", "정도", "때문", "때문에", "만큼", "이후", "이상", "이하",
    "있다", "있는", "있어", "있어요", "있습니다", "있고", "있네요", "있음", "있을", "있었",
    "없다", "없는", "없어", "없어요", "없습니다", "없고", "없네요", "없음",
    "하다", "하는", "하고", "하면", "해서", "해요", "했다", "했는데", "했어요", "했습니다", "합니다",
    "하네요", "하지", "하게", "할", "한", "함", "해", "되다", "되는", "되고", "되어", "돼서", "돼요",
    "됩니다", "된다", "된", "될", "됐다", "됐어요", "되네요", "이다", "입니다", "이에요", "예요",
    "같다", "같아요", "같습니다", "같네요", "보고", "보면", "봤는데", "주세요"};
// clang-format on

constexpr auto kSorted = [] {
  std::array<std::string_view, std::size(kStopWords)> sorted{};
  std::copy(std::begin(kStopWords), std::end(kStopWords), sorted.begin());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}();

}  // namespace

bool is_stop_word(std::string_view word) {
  return std::binary_search(kSorted.begin(), kSorted.end(), word);
}

}  // namespace grapevine
