#pragma once

#include "server/cli/commands.hpp"

namespace grapevine {

/// Runs `grapevine query`: the answer goes to stdout while it comes, what is to be said of it to stderr.
/// What stdin holds follows an INSERT as its rows. The exit code.
int query(const QueryCommand& command);

}  // namespace grapevine
