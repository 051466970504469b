#include "kernels/listen/text_verdict.hpp"

#include <array>
#include <cassert>
#include <string>
#include <utility>

#include "kernels/listen/mood_lanes.hpp"
#include "kernels/text/embedded.hpp"
#include "kernels/text/embedded_lines.hpp"
#include "kernels/text/phrase_matcher.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, kComplaintsBy> kNames{"ticket", "harm", "words",
                                                             "sentiment"};

// One of each mood: unknown, neutral, positive, negative.
constexpr std::array<std::optional<double>, 4> kSentiments{std::nullopt, 0.0, 1.0, -1.0};

std::size_t mood_of(std::optional<double> sentiment) {
  if (!sentiment) return 0;
  if (*sentiment < -kMoodScore) return 3;
  return *sentiment > kMoodScore ? 2 : 1;
}

ComplaintBy known_by(Triage::Rule rule) {
  if (rule == Triage::Rule::Harm) return ComplaintBy::Harm;
  return rule == Triage::Rule::Sentiment ? ComplaintBy::Sentiment : ComplaintBy::Words;
}

// The phrases without which nothing is harm.
PhraseMatcher words_of_harm() {
  std::vector<Phrase> phrases;
  for_each_line(embedded_service_words(), [&](std::string_view sign, std::string_view text) {
    const bool is_harm = sign == name_of(ServiceSign::Serious) ||
                         sign == name_of(ServiceSign::Severe) ||
                         sign == name_of(ServiceSign::Critical);
    if (is_harm) phrases.push_back({std::string(text), 0, false});
  });
  auto matcher = PhraseMatcher::build(phrases);
  assert(matcher.ok());
  return *std::move(matcher);
}

}  // namespace

std::string_view name_of(ComplaintBy by) { return kNames[static_cast<std::size_t>(by)]; }

TextVerdict TextVerdict::of_no_text() {
  std::vector<FoundSign> none;
  return TextVerdict("", none);
}

TextVerdict::TextVerdict(std::string_view text, std::vector<FoundSign>& scratch) : bits_(kKnown) {
  find_service_signs(text, scratch);
  for (std::size_t mood = 0; mood < kSentiments.size(); ++mood) {
    const Triage told = triage(scratch, kSentiments[mood], false);
    if (told.severity >= Severity::Severe) bits_ |= kHarm;
    if (told.concern != Concern::Complaint) continue;
    const auto by = static_cast<unsigned>(known_by(told.rule));
    bits_ = static_cast<std::uint16_t>(bits_ | by << (kMoodBits * mood));
  }
}

std::optional<ComplaintBy> TextVerdict::complaint(std::optional<double> sentiment) const {
  const unsigned by = bits_ >> (kMoodBits * mood_of(sentiment)) & 3U;
  if (by == 0) return std::nullopt;
  return static_cast<ComplaintBy>(by);
}

bool tells_of_harm(std::string_view text, std::vector<FoundSign>& scratch) {
  static const PhraseMatcher kWords = words_of_harm();
  bool may_tell = false;
  kWords.for_each_match(text, [&](const PhraseMatch&) { may_tell = true; });
  return may_tell && TextVerdict(text, scratch).tells_of_harm();
}

}  // namespace grapevine
