#pragma once

#include <vector>

#include "api/ingest/chunk.hpp"
#include "api/ingest/csv_columns.hpp"
#include "api/ingest/import_format.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Reads a chunk of CSV records, without the header: a row of `table` each. A field is typed by its
/// content; an empty one is null. A record that does not fit the header is rejected alone.
/// Cost    One pass. Safe to call for several chunks at a time.
ParsedChunk parse_csv_chunk(const Chunk& chunk, ImportTable table,
                            const std::vector<CsvColumn>& columns, TimeMs received);

}  // namespace grapevine
