#pragma once

#include <string>

#include "api/execute/terms_answer.hpp"

namespace grapevine {

std::string encode_terms(const TermsRequest& asked, const TermsAnswer& answer, double elapsed_ms);

}  // namespace grapevine
