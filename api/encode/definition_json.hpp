#pragma once

#include <string>

#include "api/parse/definition.hpp"

namespace grapevine {

/// A condition as JSON, members in one order and places left out: equal conditions are equal texts.
std::string definition_json(const Condition& condition);

}  // namespace grapevine
