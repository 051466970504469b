#pragma once

#include <string>

#include "api/execute/advocacy_answer.hpp"
#include "api/parse/advocacy_request.hpp"

namespace grapevine {

std::string encode_advocacy(const AdvocacyRequest& asked, const AdvocacyAnswer& answer,
                            double elapsed_ms);

}  // namespace grapevine
