#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/encode/formats/byte_buffer.hpp"

namespace grapevine::sql {

/// Seven bits a byte, lowest first, the highest bit of each but the last set.
void append_varuint(ByteBuffer& out, std::uint64_t number);
/// Its size as a varuint, then the bytes.
inline void append_binary_string(ByteBuffer& out, std::string_view text) {
  constexpr std::size_t kVaruintBytesMax = 10;
  constexpr std::size_t kShort = 128;  // Sizes of one byte.
  char* to = out.reserve(kVaruintBytesMax + text.size());
  if (text.size() >= kShort) {
    append_varuint(out, text.size());
    return out.append(text);
  }
  *to++ = static_cast<char>(text.size());
  if (!text.empty()) std::memcpy(to, text.data(), text.size());
  out.advance_to(to + text.size());
}

/// What a value of type Nothing is written as.
inline constexpr char kNothingByte = '0';

}  // namespace grapevine::sql
