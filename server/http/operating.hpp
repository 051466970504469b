#pragma once

#include <span>
#include <string_view>

#include "api/message.hpp"

namespace grapevine {

struct Serving;

/// An operation that answers about the server itself. All are GET.
struct OperatingRoute {
  std::string_view path;
  std::string_view operation_id;
  Response (*answer)(const Serving& serving);
};

/// /healthz, /readyz and /metrics.
std::span<const OperatingRoute> operating_routes();

}  // namespace grapevine
