#include "storage/id_list.hpp"

namespace grapevine {

IdList::IdList(std::span<const CustomerId> ids) : count_(ids.size()) {
  ByteWriter out(bytes_);
  std::uint64_t next = 0;
  for (const CustomerId id : ids) {
    out.varint(index(id) - next);
    next = std::uint64_t{index(id)} + 1;
  }
  bytes_.shrink_to_fit();
}

void IdList::encode(ByteWriter& out) const {
  out.varint(count_);
  out.text(bytes_);
}

IdList IdList::decode(ByteReader& in) {
  IdList list;
  list.count_ = in.varint();
  list.bytes_ = in.text();
  return list;
}

bool IdList::is_sound(std::uint64_t bound) const {
  if (count_ > bytes_.size()) return false;  // Each takes a byte at least.
  ByteReader in(bytes_);
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const std::uint64_t gap = in.varint();
    if (!in.ok() || gap >= bound || next + gap >= bound) return false;
    next += gap + 1;
  }
  return in.at_end();
}

}  // namespace grapevine
