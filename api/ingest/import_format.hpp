#pragma once

#include <cstdint>

namespace grapevine {

/// What the bytes of an import are.
enum class ImportFormat : std::uint8_t {
  Ndjson,  ///< A collect call a line.
  Csv,     ///< RFC 4180, with a header.
};

/// What a CSV's records are; NDJSON says it itself, call by call.
enum class ImportTable : std::uint8_t { Events, Customers };

}  // namespace grapevine
