#pragma once

#include <string>

#include "api/encode/json_writer.hpp"
#include "api/execute/alert_terms.hpp"
#include "api/execute/terms_answer.hpp"

namespace grapevine {

std::string encode_terms(const TermsRequest& asked, const TermsAnswer& answer, double elapsed_ms);

/// `terms` and `compared` of an alert, as members of an object that was begun.
void write_alert_terms(JsonWriter& json, const AlertTerms& answer);

}  // namespace grapevine
