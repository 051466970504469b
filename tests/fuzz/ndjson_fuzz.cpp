// The lines of an import, NDJSON: any bytes, cut anywhere, become the same valid rows.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/ingest/import_format.hpp"
#include "api/ingest/ndjson_chunk.hpp"
#include "tests/fuzz/import_pieces.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grapevine;
  fuzz::check_import(ImportFormat::Ndjson, {reinterpret_cast<const char*>(data), size},
                     [](const Chunk& chunk) { return parse_ndjson_chunk(chunk, fuzz::kReceived); });
  return 0;
}
