#pragma once

#include "api/ingest/chunk.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Reads a chunk of NDJSON: a collect call a line, of any type; blank lines are nothing. A line
/// that is no call is rejected alone.
/// Cost    One pass; no allocation a line. Safe to call for several chunks at a time.
ParsedChunk parse_ndjson_chunk(const Chunk& chunk, TimeMs received);

}  // namespace grapevine
