#include "kernels/text/service_signs.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <tuple>

#include "kernels/text/embedded.hpp"
#include "kernels/text/embedded_lines.hpp"
#include "kernels/text/negation.hpp"
#include "kernels/text/phrase_matcher.hpp"
#include "kernels/text/question_form.hpp"
#include "kernels/text/scorn.hpp"
#include "kernels/text/scripts.hpp"
#include "kernels/text/utf8.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, 9> kNames{"harmless", "serious",    "severe",
                                                 "critical", "vulnerable", "complaint",
                                                 "praise",   "question",   "scorn"};

// The phrases of the lexicon, whose topics are signs.
struct Lexicon {
  std::vector<ServiceSign> signs;  // By phrase.
  PhraseMatcher matcher;

  static Lexicon read() {
    std::vector<Phrase> phrases;
    std::vector<ServiceSign> signs;
    for_each_line(embedded_service_words(), [&](std::string_view sign, std::string_view text) {
      const auto* const named = std::find(kNames.begin(), kNames.end(), sign);
      if (named == kNames.end()) return;  // A comment.
      const auto number = static_cast<std::uint32_t>(named - kNames.begin());
      phrases.push_back({std::string(text), number, false});
      signs.push_back(static_cast<ServiceSign>(number));
    });
    auto matcher = PhraseMatcher::build(phrases);
    assert(matcher.ok());
    return {std::move(signs), *std::move(matcher)};
  }
};

const Lexicon& lexicon() {
  static const Lexicon kLexicon = Lexicon::read();
  return kLexicon;
}

bool is_denied(std::string_view text, const FoundSign& of) {
  if (of.sign == ServiceSign::Question || of.sign == ServiceSign::Vulnerable ||
      of.sign == ServiceSign::Scorn) {
    return false;
  }
  return is_hangul(code_point_before(text, of.end).value)
             ? is_denied_in_korean(text, of.begin, of.end)
             : is_denied_before(text, of.begin);
}

}  // namespace

std::string_view name_of(ServiceSign sign) { return kNames[static_cast<std::size_t>(sign)]; }

void find_service_signs(std::string_view text, std::vector<FoundSign>& found) {
  found.clear();
  const Lexicon& words = lexicon();
  bool any_harmless = false;
  words.matcher.for_each_match(text, [&](const PhraseMatch& match) {
    const ServiceSign sign = words.signs[match.phrase];
    any_harmless |= sign == ServiceSign::Harmless;
    found.push_back({sign, match.begin, match.end, false});
  });
  if (const auto question = find_question(text)) {
    found.push_back({ServiceSign::Question, question->begin, question->end, false});
  }
  if (any_harmless) {
    const auto hides = [](const FoundSign& harmless, const FoundSign& of) {
      return harmless.sign == ServiceSign::Harmless && harmless.begin <= of.begin &&
             of.end <= harmless.end;
    };
    std::vector<FoundSign> kept;
    for (const FoundSign& of : found) {
      const auto is_hidden = [&](const FoundSign& by) { return hides(by, of); };
      if (std::none_of(found.begin(), found.end(), is_hidden)) kept.push_back(of);
    }
    found = std::move(kept);
  }
  for (FoundSign& of : found) of.negated = is_denied(text, of);
  const auto order = [](const FoundSign& of) { return std::tuple(of.begin, of.end, of.sign); };
  std::sort(found.begin(), found.end(),
            [&](const FoundSign& a, const FoundSign& b) { return order(a) < order(b); });
  const auto same = [&](const FoundSign& a, const FoundSign& b) { return order(a) == order(b); };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  if (const auto scorn = find_scorn(text, found)) {
    const FoundSign sign{ServiceSign::Scorn, scorn->begin, scorn->end, false};
    const auto is_before = [&](const FoundSign& a, const FoundSign& b) {
      return order(a) < order(b);
    };
    found.insert(std::upper_bound(found.begin(), found.end(), sign, is_before), sign);
  }
}

}  // namespace grapevine
