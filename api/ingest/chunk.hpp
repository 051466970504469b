#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/batch.hpp"

namespace grapevine {

/// A byte of a line that belongs to no character of the input's charset.
struct CharsetFault {
  std::size_t line = 0;  ///< From 0.
  std::size_t byte = 0;  ///< Of the line as it was sent, from 1.
};

/// Whole records of an import, in the order of the input.
struct Chunk {
  std::string text;         ///< Readable for kChunkPadding bytes beyond its end.
  std::uint64_t begin = 0;  ///< Bytes of the inflated input before it.
  std::uint64_t end = 0;    ///< Bytes of the inflated input up to its end.
  /// One record that was too long to keep: `text` is empty, `overlong_lines` what it spanned.
  bool is_overlong = false;
  std::size_t overlong_lines = 0;
  /// Where a text that was converted to UTF-8 held what cannot be: the first of each line, in order.
  /// There the text has a byte that is not UTF-8.
  std::vector<CharsetFault> faults;
};

inline constexpr std::size_t kChunkPadding = 64;

/// Why a record of an import is not stored.
struct LineError {
  std::uint64_t line = 0;  ///< The line on which it begins. In a chunk from 0, in an answer from 1.
  std::string detail;
};

/// As many errors are told of; the others are counted.
inline constexpr std::size_t kLineErrorsMax = 100;

/// What became of a chunk. EventRow::source and TraitRow::source are lines of the chunk, from 0.
struct ParsedChunk {
  Batch batch;
  std::size_t lines = 0;     ///< Line breaks, and the last line where it has none.
  std::size_t accepted = 0;  ///< Records with rows in `batch`.
  std::size_t rejected = 0;
  std::vector<LineError> errors;  ///< The first kLineErrorsMax of those rejected.

  void reject(std::uint64_t line, std::string detail);
};

}  // namespace grapevine
