#pragma once

#include "server/cli/commands.hpp"

namespace grapevine {

/// Backs a data folder up, or restores one. The exit code.
int copy_data(const CopyCommand& command);

}  // namespace grapevine
