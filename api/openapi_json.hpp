#pragma once

#include <string_view>

namespace grapevine {

/// The contract, api/openapi.yaml, as JSON. Made by the build (api/cmake/EmbedOpenApi.cmake).
std::string_view openapi_json();

}  // namespace grapevine
