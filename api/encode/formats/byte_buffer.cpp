#include "api/encode/formats/byte_buffer.hpp"

#include <algorithm>
#include <utility>

namespace grapevine::sql {

void ByteBuffer::grow(std::size_t bytes) {
  const std::size_t written = size();
  bytes_.resize(std::max({written + bytes, bytes_.size() * 2, first_bytes_}));
  at_ = bytes_.data() + written;
  end_ = bytes_.data() + bytes_.size();
}

std::string ByteBuffer::take() {
  bytes_.resize(size());
  first_bytes_ = std::clamp(bytes_.size(), std::size_t{4096}, std::size_t{4} << 20);
  std::string taken = std::exchange(bytes_, {});
  at_ = bytes_.data();
  end_ = bytes_.data();
  return taken;
}

}  // namespace grapevine::sql
