#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/ingest/import_format.hpp"

namespace grapevine {

/// Finds where records end in input that comes in pieces of any size: at a line break, in CSV at
/// one that is not between quotes. The pieces are given once each, in order. Not thread-safe.
class RecordScan {
 public:
  static constexpr std::size_t kNone = std::string_view::npos;

  explicit RecordScan(ImportFormat format) : format_(format) {}

  /// Reads all of `piece`. Returns where its last whole record ends, or kNone.
  std::size_t last_end(std::string_view piece);

  /// Reads `piece` up to the end of the record that is open, which it returns; kNone: it does not
  /// end here, and all of `piece` was read.
  std::size_t first_end(std::string_view piece);

 private:
  // Where in a CSV record the scan stands. A quote counts only where a field begins.
  enum class State : std::uint8_t { FieldBegin, Plain, Quoted, QuoteInQuoted };

  ImportFormat format_;
  State state_ = State::FieldBegin;
};

}  // namespace grapevine
