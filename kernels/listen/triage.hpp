#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "kernels/text/service_signs.hpp"

namespace grapevine {

/// What somebody wants who says something.
enum class Concern : std::uint8_t { Complaint, Question, Praise, Other };
inline constexpr std::size_t kConcerns = 4;
std::string_view name_of(Concern concern);

/// How bad it is; a greater number is worse.
enum class Severity : std::uint8_t { None, Mild, Serious, Severe, Critical };
inline constexpr std::size_t kSeverities = 5;
std::string_view name_of(Severity severity);

/// From here on down a sentiment makes a complaint serious.
inline constexpr double kStrongSentiment = -0.6;

/// What a text is taken for, and by which of the rules.
struct Triage {
  enum class Rule : std::uint8_t {
    Harm,       ///< Words of harm, that are not denied.
    Words,      ///< Words of the concern itself.
    Form,       ///< A question by its form or its words.
    Sentiment,  ///< Its mood.
    Ticket,     ///< It opened a ticket, and says nothing else.
    Nothing,
  };
  Concern concern = Concern::Other;
  Severity severity = Severity::None;
  Rule rule = Rule::Nothing;
  bool worse_for_who = false;   ///< A child or an ill person made the harm one step worse.
  bool worse_for_mood = false;  ///< A sentiment of kStrongSentiment or below made it serious.

  friend bool operator==(const Triage&, const Triage&) = default;
};

/// Tells what a text is, by signs that are not negated. The first rule that holds decides:
///
///  1. Words of harm: a complaint; a question where it is one without words of complaint and
///     without a negative sentiment ("is it safe for a child with an allergy?").
///  2. Words of scorn ("thanks for nothing", "great, it broke again"): a complaint. So are words of
///     complaint, unless the sentiment is positive and there is praise, too.
///  3. A question in form or words, whatever its mood: those are often scored as bad.
///  4. A negative sentiment (below -0.05): a complaint, unless harm or words of complaint are denied,
///     which sounds bad, too.
///  5. Words of praise, or a positive sentiment (above 0.05): praise; but "nobody was hurt" is none.
///  6. A ticket: a complaint; else something other.
///
/// Severity is the worst word of harm, one step worse where a child, an ill or an old person is
/// named; complaints are at least mild, and serious with a sentiment of kStrongSentiment or below.
/// A false alarm costs less than a burn that nobody reads about: harm counts in praise, too.
Triage triage(std::span<const FoundSign> signs, std::optional<double> sentiment, bool is_ticket);

}  // namespace grapevine
