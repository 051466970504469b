#pragma once

#include <functional>

#include "server/http/io_loop.hpp"
#include "server/http/serving.hpp"

namespace grapevine {

/// Serves the connection `socket`, an open file descriptor that it takes over, on `loop` until the
/// connection ends; then calls `ended`, on the loop's thread. Call it on the loop's thread.
void serve_connection(IoLoop& loop, Serving& serving, int socket, std::function<void()> ended);

}  // namespace grapevine
