#pragma once

#include <string>

#include "api/execute/service_answer.hpp"
#include "api/parse/service_request.hpp"

namespace grapevine {

std::string encode_service(const ServiceRequest& asked, const ServiceAnswer& answer,
                           double elapsed_ms);

}  // namespace grapevine
