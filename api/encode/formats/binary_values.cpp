#include "api/encode/formats/binary_values.hpp"

namespace grapevine::sql {

void append_varuint(ByteBuffer& out, std::uint64_t number) {
  constexpr std::uint64_t kMore = 0x80;
  while (number >= kMore) {
    out.append(static_cast<char>(number | kMore));
    number >>= 7;
  }
  out.append(static_cast<char>(number));
}

}  // namespace grapevine::sql
