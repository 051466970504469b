#include "kernels/text/english_sentiment.hpp"

#include <algorithm>
#include <cmath>
#include <memory_resource>
#include <vector>

#include "kernels/text/english_valence.hpp"
#include "kernels/text/ten_thousandths.hpp"

namespace grapevine {
namespace {

constexpr double kBeforeBut = 0.5;
constexpr double kAfterBut = 1.5;
constexpr double kExclamation = 0.292;
constexpr double kQuestion = 0.18;
constexpr double kQuestions = 0.96;
constexpr double kSpread = 15.0;  // About the largest sum to expect, squared.
constexpr std::size_t kExactRated = 1024;

// A token with a valence that is not zero.
struct Rated {
  std::size_t at;
  double valence;
};

// Weighs what stands before the first "but" less and what follows it more.
//
// The authors' program looks for each valence by its value, in the list that it changes: a value
// that another has become meanwhile is found there first. Their published scores hold that, so do
// ours.
void shift_at_but(std::size_t but, std::pmr::vector<Rated>& rated) {
  for (std::size_t i = 0; i < rated.size(); ++i) {
    std::size_t first = i;
    if (rated.size() <= kExactRated) {
      first = 0;
      while (rated[first].valence != rated[i].valence) ++first;
    }
    if (rated[first].at == but) continue;
    rated[first].valence *= rated[first].at < but ? kBeforeBut : kAfterBut;
  }
}

double punctuation_emphasis(const EnglishTokens& text) {
  double emphasis =
      static_cast<double>(std::min<std::size_t>(text.exclamation_marks, 4)) * kExclamation;
  if (text.question_marks > 3) emphasis += kQuestions;
  if (text.question_marks == 2 || text.question_marks == 3) {
    emphasis += static_cast<double>(text.question_marks) * kQuestion;
  }
  return emphasis;
}

}  // namespace

EnglishSentiment english_sentiment(const EnglishTokens& text) {
  std::pmr::vector<Rated> rated(text.tokens.get_allocator());
  for (std::size_t at = 0; at < text.tokens.size(); ++at) {
    const double valence = valence_of(text.tokens, at, text.shouts_apart());
    if (valence != 0.0) rated.push_back({at, valence});
  }
  const auto but = std::find_if(text.tokens.begin(), text.tokens.end(),
                                [](const EnglishToken& token) { return token.is(RuleWord::But); });
  if (but != text.tokens.end()) {
    shift_at_but(static_cast<std::size_t>(but - text.tokens.begin()), rated);
  }
  double sum = 0.0;
  for (const Rated& each : rated) sum += each.valence;
  if (sum > 0.0) sum += punctuation_emphasis(text);
  if (sum < 0.0) sum -= punctuation_emphasis(text);
  return {in_ten_thousandths(sum / std::sqrt(sum * sum + kSpread)), rated.size()};
}

}  // namespace grapevine
