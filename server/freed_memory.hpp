#pragma once

namespace grapevine {

/// Has the allocator keep what is freed, up to some hundred megabytes, for the next query: a page that
/// comes from the system costs as much as filling it. To be called once, before threads start.
void keep_freed_memory();

}  // namespace grapevine
