#pragma once

#include <vector>

#include <absl/status/status.h>

#include "api/encode/json_writer.hpp"
#include "api/execute/burst_mentions.hpp"
#include "api/message.hpp"
#include "api/plan/alert_document.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Finds the terms behind an alert and writes them: see find_alert_terms, write_alert_terms.
absl::Status tell_alert_terms(JsonWriter& json, const Snapshot& snapshot,
                              const AlertDocument& alert, const std::vector<BurstMention>& burst,
                              TimeMs as_of, const Context& context);

}  // namespace grapevine
