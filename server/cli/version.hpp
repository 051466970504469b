#pragma once

namespace grapevine {

/// `grapevine version`. The exit code.
int print_version();

}  // namespace grapevine
