#include "api/routes/alert_terms.hpp"

#include "api/encode/terms_result.hpp"
#include "api/execute/alert_terms.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::Status tell_alert_terms(JsonWriter& json, const Snapshot& snapshot,
                              const AlertDocument& alert, const std::vector<BurstMention>& burst,
                              TimeMs as_of, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const AlertTerms terms,
                             find_alert_terms(snapshot, alert, burst, as_of, context));
  write_alert_terms(json, terms);
  return absl::OkStatus();
}

}  // namespace grapevine
