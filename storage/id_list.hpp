#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "storage/ids.hpp"
#include "storage/log/bytes.hpp"

namespace grapevine {

/// Numbers of customers in ascending order, kept as differences: one to three bytes each. Read from
/// its beginning.
class IdList {
 public:
  IdList() = default;
  /// Precondition: `ids` ascend, each once.
  explicit IdList(std::span<const CustomerId> ids);

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }

  template <typename Body>
  void for_each(const Body& body) const {
    ByteReader in(bytes_);
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      next += in.varint();
      body(CustomerId(static_cast<std::uint32_t>(next)));
      ++next;
    }
  }

  /// Names the members for a file (see checkpoint/fields.hpp).
  template <typename Archive, typename Self>
  static void fields(Archive& archive, Self& self) {
    archive(self.count_, self.bytes_);
  }
  void encode(ByteWriter& out) const;
  /// What `encode` wrote; what is_sound() says of it is to be asked.
  static IdList decode(ByteReader& in);
  /// Whether the bytes, which may come from a file, are so many numbers below `bound`.
  [[nodiscard]] bool is_sound(std::uint64_t bound) const;

 private:
  std::uint64_t count_ = 0;
  std::string bytes_;
};

}  // namespace grapevine
