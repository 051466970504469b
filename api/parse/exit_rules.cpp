#include "api/parse/exit_rules.hpp"

#include <charconv>
#include <string_view>
#include <system_error>

namespace grapevine {
namespace {

constexpr std::string_view kWantsShare = "wants a share from 0 to 1";

// What both readers have in common: mistakes are noted by the name of a parameter or member.
template <typename Reader>
void check(const ExitRules& rules, bool consent_given, bool holdout_given, bool campaign_given,
           Reader& reader) {
  if (consent_given && rules.consent.empty()) {
    reader.wrong("consent", "wants the name of a consent");
  }
  if (rules.holdout && !(*rules.holdout >= 0.0 && *rules.holdout <= 1.0)) {
    reader.wrong("holdout", std::string(kWantsShare));
  }
  if (holdout_given && !campaign_given) {
    reader.wrong("holdout", "wants a campaign beside it: who is held out depends on its name");
  }
  if (campaign_given && !holdout_given) {
    reader.wrong("campaign", "wants a holdout beside it: the share that is held out");
  }
  if (campaign_given && (rules.campaign.empty() || rules.campaign.size() > kCampaignBytesMax ||
                         rules.campaign.find('\0') != std::string::npos)) {
    reader.wrong("campaign", "wants a name of 1 to 256 bytes without NUL");
  }
}

}  // namespace

ExitRules read_exit_rules(QueryReader& query) {
  ExitRules rules;
  const std::string* consent = query.take("consent");
  const std::string* holdout = query.take("holdout");
  const std::string* campaign = query.take("campaign");
  if (consent != nullptr) rules.consent = *consent;
  if (campaign != nullptr) rules.campaign = *campaign;
  if (holdout != nullptr) {
    double share = 0.0;
    const char* end = holdout->data() + holdout->size();
    const auto read = std::from_chars(holdout->data(), end, share);
    if (read.ec == std::errc() && read.ptr == end) {
      rules.holdout = share;
    } else {
      query.wrong("holdout", std::string(kWantsShare) + ", not: " + *holdout);
    }
  }
  check(rules, consent != nullptr, holdout != nullptr, campaign != nullptr, query);
  return rules;
}

ExitRules read_exit_rules(ObjectReader& reader) {
  ExitRules rules;
  const std::string* consent = reader.take_string("consent");
  const std::string* campaign = reader.take_string("campaign");
  const JsonValue* holdout = reader.take("holdout");
  if (consent != nullptr) rules.consent = *consent;
  if (campaign != nullptr) rules.campaign = *campaign;
  if (holdout != nullptr) {
    if (const auto* whole = holdout->as<std::int64_t>()) {
      rules.holdout = static_cast<double>(*whole);
    } else if (const auto* share = holdout->as<double>()) {
      rules.holdout = *share;
    } else {
      reader.wrong("holdout", std::string(kWantsShare) + ", not " + std::string(holdout->kind()));
    }
  }
  check(rules, consent != nullptr, holdout != nullptr, reader.has("campaign"), reader);
  return rules;
}

}  // namespace grapevine
