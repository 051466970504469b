#pragma once

#include <mutex>

namespace grapevine {

/// What is checked must still hold when it is stored: changes of segments and of what hangs on them,
/// of whatever store, go one after the other. Nothing but the log is waited for while it is held.
inline std::mutex segment_changes;

}  // namespace grapevine
