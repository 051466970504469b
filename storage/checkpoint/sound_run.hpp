#pragma once

#include "storage/part.hpp"

namespace grapevine {

/// Whether every row of every column of a run, which may come from a file, can be read: lengths,
/// orders, times and texts. What it refers to (customers, codes, columns) is not known here; see
/// `misfit`.
/// Cost: a pass over customers and times, and every block of texts is decompressed once.
bool is_sound(const Run& run);

}  // namespace grapevine
