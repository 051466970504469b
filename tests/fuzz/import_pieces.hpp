#pragma once

#include <functional>
#include <string_view>

#include "api/ingest/chunk.hpp"
#include "api/ingest/import_format.hpp"
#include "tests/fuzz/valid_batch.hpp"

namespace grapevine::fuzz {

/// Reads `text` as an import does, once whole and once in pieces whose size its bytes choose.
/// Requires that both give valid batches and the same counts and errors.
void check_import(ImportFormat format, std::string_view text,
                  const std::function<ParsedChunk(const Chunk&)>& parse);

}  // namespace grapevine::fuzz
