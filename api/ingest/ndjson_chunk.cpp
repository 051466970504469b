#include "api/ingest/ndjson_chunk.hpp"

#include <string_view>

#include "api/collect/call.hpp"
#include "api/collect/json.hpp"
#include "api/collect/json_integers.hpp"
#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "api/ingest/charset.hpp"

namespace grapevine {
namespace {

static_assert(kChunkPadding >= simdjson::SIMDJSON_PADDING);
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

ParsedChunk parse_ndjson_chunk(const Chunk& chunk, TimeMs received) {
  ParsedChunk parsed;
  CallReader calls(parsed.batch);
  CallSource source;
  source.received = received;
  source.is_import = true;
  source.may_hold_nul = has_escaped_nul(chunk.text);
  simdjson::dom::parser parser;

  std::string_view rest = chunk.text;
  if (chunk.begin == 0 && rest.substr(0, 3) == kByteOrderMark) rest.remove_prefix(3);
  while (!rest.empty()) {
    const std::size_t length = rest.find('\n');
    const std::string_view line = rest.substr(0, length);
    rest.remove_prefix(length == std::string_view::npos ? rest.size() : length + 1);
    source.source = static_cast<std::uint32_t>(parsed.lines++);
    if (is_blank(line)) continue;
    if (line.size() > kImportLineBytesMax) {
      parsed.reject(source.source, overlong_line());
      continue;
    }
    // The parser may read beyond the line: what is there belongs to the chunk too.
    JsonElement call;
    auto error = parser.parse(line.data(), line.size(), false).get(call);
    if (error == simdjson::NUMBER_ERROR) {
      if (const auto quoted = quote_long_integers(line)) error = parser.parse(*quoted).get(call);
    }
    if (error != simdjson::SUCCESS) {
      parsed.reject(source.source, error == simdjson::UTF8_ERROR && !chunk.faults.empty()
                                       ? describe_fault(line, source.source, chunk.faults)
                                       : "not JSON: " + describe_json_error(error, line, 0));
      continue;
    }
    const absl::Status read = calls.read(call, source);
    if (read.ok()) {
      ++parsed.accepted;
    } else {
      parsed.reject(source.source, detail_of(read));
    }
  }
  return parsed;
}

}  // namespace grapevine
