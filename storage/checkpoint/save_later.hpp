#pragma once

#include <functional>

namespace grapevine {

class FieldReader;
class FieldWriter;

/// What writes a state as it stood at one moment. The writer's thread makes it, quickly, and another
/// thread calls it while the writer goes on: it holds immutable views only.
using SaveLater = std::function<void(FieldWriter&)>;

}  // namespace grapevine
