#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/ingest/chunk.hpp"

namespace grapevine {

/// How the text of an import is encoded. What is called euc-kr is read as cp949, which has all of
/// its characters and those that spreadsheets write under its name besides.
enum class Charset : std::uint8_t { Utf8, Cp949 };

/// By the name that a sender gives it, in any case; nullopt: another one.
std::optional<Charset> charset_of(std::string_view name);

/// Whether texts of a charset can be read on this machine: the C library has tables for it.
bool can_read(Charset charset);

/// A text in UTF-8, and what of it could not be converted.
struct DecodedText {
  std::string text;  ///< Readable for kChunkPadding bytes beyond its end; see Chunk::faults.
  std::vector<CharsetFault> faults;
};

/// Converts whole lines from `charset`, which is not Utf8. Line breaks, commas and quotes stay where
/// they are: no byte of theirs is a part of another character.
/// Shapes  can_read(charset).
/// Cost    One pass; safe to call from several threads at a time.
DecodedText decode(Charset charset, std::string_view text);

/// What is wrong with a record that is not UTF-8: which byte of which of its lines. `first_line` is
/// the record's in its chunk, `faults` the chunk's.
std::string describe_fault(std::string_view record, std::size_t first_line,
                           const std::vector<CharsetFault>& faults);

}  // namespace grapevine
