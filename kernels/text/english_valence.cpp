#include "kernels/text/english_valence.hpp"

#include <array>
#include <optional>

namespace grapevine {
namespace {

constexpr double kDegree = 0.293;   // What an adverb of degree adds or takes.
constexpr double kShout = 0.733;    // What capitals add among small letters.
constexpr double kNegated = -0.74;  // What is left of a valence that is negated.
constexpr double kNeverSo = 1.25;   // "never so good" praises.
// How much of a degree's effect reaches from one, two and three tokens before.
constexpr std::array<double, 3> kReach{1.0, 0.95, 0.9};

struct Phrase {
  std::array<RuleWord, 3> words;  // Two words where the last is None.
  double valence;
};

using enum RuleWord;
constexpr Phrase kPhrases[] = {
    {{The, Shit, None}, 3.0}, {{The, Bomb, None}, 3.0},      {{Bad, Ass, None}, 1.5},
    {{Bus, Stop, None}, 0.0}, {{Yeah, Right, None}, -2.0},   {{Kiss, Of, Death}, -1.5},
    {{To, Die, For}, 3.0},    {{Beating, Heart, None}, 3.1}, {{Broken, Heart, None}, -2.9},
};
// Phrases of degree; all of them weaken.
constexpr std::array<RuleWord, 2> kWeakeners[] = {{Kind, Of}, {Sort, Of}, {Just, Enough}};

using Tokens = std::span<const EnglishToken>;

// The valence of a phrase of `size` tokens that begins at `at`.
std::optional<double> phrase_at(Tokens tokens, std::size_t at, std::size_t size) {
  if (tokens[at].is(None)) return std::nullopt;
  for (const Phrase& phrase : kPhrases) {
    if ((phrase.words[2] == None ? 2u : 3u) != size) continue;
    bool same = true;
    for (std::size_t i = 0; i < size; ++i) same = same && tokens[at + i].is(phrase.words[i]);
    if (same) return phrase.valence;
  }
  return std::nullopt;
}

bool weakens_at(Tokens tokens, std::size_t at) {
  for (const auto& [first, second] : kWeakeners) {
    if (tokens[at].is(first) && tokens[at + 1].is(second)) return true;
  }
  return false;
}

// What a token `before` adds to a valence by its degree.
double degree_of(const EnglishToken& before, double valence, bool shouts_apart) {
  if (before.known->degree == 0) return 0.0;
  double change = before.known->degree * kDegree;
  if (valence < 0) change = -change;
  if (before.shouted && shouts_apart) change += valence > 0 ? kShout : -kShout;
  return change;
}

bool is_so_or_this(const EnglishToken& token) { return token.is(So) || token.is(This); }

// A valence as the token `distance` places before leaves it, if that turns it round.
double negate(Tokens tokens, std::size_t at, std::size_t distance, double valence) {
  const auto before = [&](std::size_t places) -> const EnglishToken& {
    return tokens[at - places];
  };
  if (distance == 2) {
    if (before(2).is(Never) && is_so_or_this(before(1))) return valence * kNeverSo;
    if (before(2).is(Without) && before(1).is(Doubt)) return valence;
  }
  if (distance == 3) {
    // The last of these counts without "never", as the program has it.
    if ((before(3).is(Never) && is_so_or_this(before(2))) || is_so_or_this(before(1))) {
      return valence * kNeverSo;
    }
    if (before(3).is(Without) && (before(2).is(Doubt) || before(1).is(Doubt))) return valence;
  }
  return before(distance).negates() ? valence * kNegated : valence;
}

// A valence as the phrases leave it that the token at `at` >= 3 is part of, or that lead to it.
double apply_phrases(Tokens tokens, std::size_t at, double valence) {
  constexpr std::array<std::array<std::size_t, 2>, 5> kBefore{
      {{1, 2}, {2, 3}, {2, 2}, {3, 3}, {3, 2}}};  // From how far before, of how many tokens.
  for (const auto& [from, size] : kBefore) {
    if (const auto found = phrase_at(tokens, at - from, size)) {
      valence = *found;
      break;
    }
  }
  for (const std::size_t size : {2u, 3u}) {
    if (at + size > tokens.size()) continue;
    if (const auto found = phrase_at(tokens, at, size)) valence = *found;
  }
  for (const std::size_t from : {3u, 2u}) {
    if (weakens_at(tokens, at - from)) valence -= kDegree;
  }
  return valence;
}

double apply_least(Tokens tokens, std::size_t at, double valence) {
  if (at == 0 || !tokens[at - 1].is(Least) || tokens[at - 1].known->rated) return valence;
  if (at > 1 && (tokens[at - 2].is(At) || tokens[at - 2].is(Very))) return valence;
  return valence * kNegated;
}

// "No" before a rated word negates it and has no valence of its own.
double apply_no(Tokens tokens, std::size_t at) {
  const double valence = tokens[at].known->valence;
  const auto is_no = [&](std::size_t places) { return at >= places && tokens[at - places].is(No); };
  if (is_no(1) || is_no(2) || (is_no(3) && (tokens[at - 1].is(Or) || tokens[at - 1].is(Nor)))) {
    return valence * kNegated;
  }
  const bool negates_next =
      tokens[at].is(No) && at + 1 < tokens.size() && tokens[at + 1].known->rated;
  return negates_next ? 0.0 : valence;
}

}  // namespace

double valence_of(std::span<const EnglishToken> tokens, std::size_t at, bool shouts_apart) {
  const KnownWord& word = *tokens[at].known;
  if (!word.rated || word.degree != 0) return 0.0;
  if (tokens[at].is(Kind) && at + 1 < tokens.size() && tokens[at + 1].is(Of)) return 0.0;
  double valence = apply_no(tokens, at);
  if (tokens[at].shouted && shouts_apart) valence += valence > 0 ? kShout : -kShout;
  for (std::size_t distance = 1; distance <= 3 && distance <= at; ++distance) {
    const EnglishToken& before = tokens[at - distance];
    if (before.known->rated) continue;
    const double change = degree_of(before, valence, shouts_apart);
    valence += change == 0.0 ? 0.0 : change * kReach[distance - 1];
    valence = negate(tokens, at, distance, valence);
    if (distance == 3) valence = apply_phrases(tokens, at, valence);
  }
  return apply_least(tokens, at, valence);
}

}  // namespace grapevine
