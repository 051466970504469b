#include "api/encode/inbox_reasons.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace grapevine {
namespace {

// The words that are signs of it, in quotes: 'caught fire', 'hurt my'.
std::string quoted(const InboxEvidence& of, std::initializer_list<ServiceSign> signs) {
  constexpr std::size_t kWordsMax = 3;
  std::string words;
  std::size_t count = 0;
  for (const FoundSign& sign : of.signs) {
    if (sign.negated || std::find(signs.begin(), signs.end(), sign.sign) == signs.end()) continue;
    if (++count > kWordsMax) return words + ", ...";
    if (!words.empty()) words += ", ";
    words += '\'';
    words += of.text.substr(sign.begin, sign.end - sign.begin);
    words += '\'';
  }
  return words;
}

std::string why_kind(const InboxEvidence& of) {
  using enum ServiceSign;
  const std::string kind(name_of(of.told.concern));
  switch (of.told.rule) {
    case Triage::Rule::Harm:
      return kind + ": words of harm, " + quoted(of, {Serious, Severe, Critical});
    case Triage::Rule::Words:
      return kind + ": says " +
             (of.told.concern == Concern::Praise ? quoted(of, {Praise})
                                                 : quoted(of, {Complaint, Scorn}));
    case Triage::Rule::Form: return kind + ": asks, by " + quoted(of, {Question});
    case Triage::Rule::Sentiment:
      return kind + fmt::format(": sentiment {:.2f}", of.sentiment.value_or(0.0));
    case Triage::Rule::Ticket: return kind + ": opened a ticket";
    case Triage::Rule::Nothing: break;
  }
  return kind + ": neither words, form nor mood say more";
}

ServiceSign worst(const InboxEvidence& of) {
  ServiceSign worst = ServiceSign::Harmless;
  for (const FoundSign& sign : of.signs) {
    if (!sign.negated && sign.sign <= ServiceSign::Critical) worst = std::max(worst, sign.sign);
  }
  return worst;
}

std::string why_severity(const InboxEvidence& of) {
  const std::string severity(name_of(of.told.severity));
  if (of.told.worse_for_mood) {
    return severity + fmt::format(": sentiment {:.2f}", of.sentiment.value_or(0.0));
  }
  const ServiceSign harm = worst(of);
  if (harm == ServiceSign::Harmless) return severity + ": no words of harm";
  std::string why = severity + ": says " + quoted(of, {harm});
  if (of.told.worse_for_who) why += " and names " + quoted(of, {ServiceSign::Vulnerable});
  return why;
}

std::string duration(TimeMs ms) {
  constexpr TimeMs kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
  if (ms < 2 * kHour) return fmt::format("{} min", ms / kMinute);
  if (ms < 2 * kDay) return fmt::format("{} h", ms / kHour);
  return fmt::format("{} days", ms / kDay);
}

std::string why_spread(const ItemSpread& spread) {
  std::string why = spread.people
                        ? fmt::format("word of this speaker reaches {:.1f} people", *spread.people)
                        : "how far word of this speaker goes is not known";
  if (spread.shares > 0) {
    why += fmt::format("; shared {} {}", spread.shares, spread.shares == 1 ? "time" : "times");
  }
  if (!spread.forecast) return why;
  const SeismicForecast& forecast = *spread.forecast;
  if (forecast.supercritical) {
    return why + (spread.shared_lately ? ", and nothing bounds where that ends"
                                       : ", but not in the last two hours");
  }
  if (forecast.expected) why += fmt::format(", {:.1f} expected", *forecast.expected);
  return why;
}

}  // namespace

std::vector<std::string> inbox_reasons(const InboxEvidence& of) {
  std::vector<std::string> reasons{why_kind(of), why_severity(of), why_spread(of.spread)};
  const std::string target = duration(of.target_ms);
  const TimeMs left = of.target_ms - of.age_ms;
  if (of.waited_ms) {
    reasons.push_back("answered after " + duration(*of.waited_ms) + ", target " + target);
  } else if (left < 0) {
    reasons.push_back("overdue by " + duration(-left) + " of a target of " + target);
  } else {
    reasons.push_back(duration(left) + " left of a target of " + target);
  }
  if (!of.can_be_answered) {
    reasons.emplace_back("has no content_id, so that nothing can say that it was answered");
  }
  return reasons;
}

}  // namespace grapevine
