#pragma once

#include "server/cli/generate.hpp"
#include "server/cli/serve.hpp"

namespace grapevine {

/// The real store, the real operations and the real generated world, for `main`.
ServeWiring serve_wiring();
WorldMaker world_maker();

}  // namespace grapevine
