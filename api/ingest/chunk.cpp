#include "api/ingest/chunk.hpp"

#include <utility>

namespace grapevine {

void ParsedChunk::reject(std::uint64_t line, std::string detail) {
  ++rejected;
  if (errors.size() < kLineErrorsMax) errors.push_back({line, std::move(detail)});
}

}  // namespace grapevine
