#pragma once

#include "server/cli/commands.hpp"

namespace grapevine {

/// `grapevine import`: sends the file, resuming where the connection breaks. The exit code: 0 when
/// rows were taken, 1 when none were or the file could not be sent to its end.
int import_file(const ImportCommand& command);

}  // namespace grapevine
