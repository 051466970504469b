#include "kernels/listen/triage.hpp"

#include <algorithm>
#include <array>

#include "kernels/listen/mood_lanes.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, kConcerns> kConcernNames{"complaint", "question", "praise",
                                                                "other"};
constexpr std::array<std::string_view, kSeverities> kSeverityNames{"none", "mild", "serious",
                                                                   "severe", "critical"};

struct Heard {
  Severity harm = Severity::None;
  bool vulnerable = false, complaint = false, praise = false, question = false;
  bool scorn = false;
  bool denied = false;  // Harm, or what is complained of.
  bool harm_denied = false;
};

Heard hear(std::span<const FoundSign> signs) {
  Heard heard;
  const auto note_harm = [&](Severity severity) { heard.harm = std::max(heard.harm, severity); };
  for (const FoundSign& of : signs) {
    if (of.negated) {
      heard.denied |= of.sign != ServiceSign::Praise;
      heard.harm_denied |= of.sign == ServiceSign::Serious || of.sign == ServiceSign::Severe ||
                           of.sign == ServiceSign::Critical;
      continue;
    }
    switch (of.sign) {
      case ServiceSign::Harmless: break;
      case ServiceSign::Serious: note_harm(Severity::Serious); break;
      case ServiceSign::Severe: note_harm(Severity::Severe); break;
      case ServiceSign::Critical: note_harm(Severity::Critical); break;
      case ServiceSign::Vulnerable: heard.vulnerable = true; break;
      case ServiceSign::Complaint: heard.complaint = true; break;
      case ServiceSign::Praise: heard.praise = true; break;
      case ServiceSign::Question: heard.question = true; break;
      case ServiceSign::Scorn: heard.scorn = true; break;
    }
  }
  return heard;
}

void tell_concern(const Heard& heard, std::optional<double> sentiment, bool is_ticket,
                  Triage& told) {
  const bool negative = sentiment && *sentiment < -kMoodScore;
  const bool positive = sentiment && *sentiment > kMoodScore;
  const auto tell = [&](Concern concern, Triage::Rule rule) {
    told.concern = concern;
    told.rule = rule;
  };
  if (heard.harm != Severity::None) {
    const bool asks = heard.question && !heard.complaint && !heard.scorn && !negative;
    return asks ? tell(Concern::Question, Triage::Rule::Form)
                : tell(Concern::Complaint, Triage::Rule::Harm);
  }
  if (heard.scorn || (heard.complaint && !(positive && heard.praise))) {
    return tell(Concern::Complaint, Triage::Rule::Words);
  }
  if (heard.question) return tell(Concern::Question, Triage::Rule::Form);
  if (negative && !heard.denied) return tell(Concern::Complaint, Triage::Rule::Sentiment);
  if (heard.praise) return tell(Concern::Praise, Triage::Rule::Words);
  if (positive && !heard.harm_denied) return tell(Concern::Praise, Triage::Rule::Sentiment);
  if (is_ticket) return tell(Concern::Complaint, Triage::Rule::Ticket);
}

}  // namespace

std::string_view name_of(Concern concern) {
  return kConcernNames[static_cast<std::size_t>(concern)];
}
std::string_view name_of(Severity severity) {
  return kSeverityNames[static_cast<std::size_t>(severity)];
}

Triage triage(std::span<const FoundSign> signs, std::optional<double> sentiment, bool is_ticket) {
  const Heard heard = hear(signs);
  Triage told;
  tell_concern(heard, sentiment, is_ticket, told);
  told.severity = heard.harm;
  if (heard.vulnerable && heard.harm != Severity::None && heard.harm != Severity::Critical) {
    told.severity = static_cast<Severity>(static_cast<std::uint8_t>(heard.harm) + 1);
    told.worse_for_who = true;
  }
  if (told.concern != Concern::Complaint) return told;
  told.severity = std::max(told.severity, Severity::Mild);
  if (sentiment && *sentiment <= kStrongSentiment && told.severity == Severity::Mild) {
    told.severity = Severity::Serious;
    told.worse_for_mood = true;
  }
  return told;
}

}  // namespace grapevine
