#include "tests/fuzz/import_pieces.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "api/ingest/chunk_splitter.hpp"

namespace grapevine::fuzz {
namespace {

// What an import comes to.
struct Outcome {
  std::size_t lines = 0;
  std::size_t accepted = 0;
  std::size_t events = 0;
  std::size_t traits = 0;
  std::size_t cells = 0;
  std::vector<std::pair<std::uint64_t, std::string>> errors;

  bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(ImportFormat format, std::string_view text, std::size_t piece_bytes,
                   const std::function<ParsedChunk(const Chunk&)>& parse) {
  Outcome outcome;
  std::uint64_t end = 0;
  const auto take = [&](const std::vector<Chunk>& chunks) {
    for (const Chunk& chunk : chunks) {
      require(chunk.begin == end && chunk.end - chunk.begin == chunk.text.size(),
              "chunks follow each other");
      end = chunk.end;
      const ParsedChunk parsed = parse(chunk);
      check_batch(parsed.batch);
      for (const LineError& error : parsed.errors) {
        require(error.line < parsed.lines, "an error names a line of the chunk");
        outcome.errors.emplace_back(outcome.lines + error.line, error.detail);
      }
      require(parsed.errors.size() == std::min(parsed.rejected, kLineErrorsMax),
              "errors are told of");
      outcome.lines += parsed.lines;
      outcome.accepted += parsed.accepted;
      outcome.events += parsed.batch.events.size();
      outcome.traits += parsed.batch.traits.size();
      outcome.cells += parsed.batch.cells.size();
    }
  };
  ChunkSplitter splitter(format, 0);
  for (std::size_t at = 0; at < text.size(); at += piece_bytes) {
    take(splitter.add(text.substr(at, piece_bytes)));
  }
  take(splitter.finish());
  require(end == text.size(), "every byte is in a chunk");
  return outcome;
}

}  // namespace

void check_import(ImportFormat format, std::string_view text,
                  const std::function<ParsedChunk(const Chunk&)>& parse) {
  if (text.empty()) return;
  const std::size_t piece_bytes = 1 + static_cast<unsigned char>(text.back()) % 32;
  require(
      outcome_of(format, text, text.size(), parse) == outcome_of(format, text, piece_bytes, parse),
      "pieces change nothing");
}

}  // namespace grapevine::fuzz
