#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "server/demo/world.hpp"

namespace grapevine::demo {

/// A short text without allocation: an id, a number with decimals.
class Name {
 public:
  constexpr Name() = default;
  explicit Name(std::string_view whole);
  /// `prefix` and the number, filled with zeros to `digits`.
  Name(std::string_view prefix, std::uint64_t number, int digits);

  // NOLINTNEXTLINE(google-explicit-constructor): a Name is read as its text.
  operator std::string_view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 40> bytes_{};
  std::size_t size_ = 0;
};

/// "c0000017", or "brand_haneulbit" for the account of a brand.
Name customer_name(const World& world, std::uint32_t customer);

/// "v0000017": who an actor is as long as they have not said so.
Name visitor_name(const World& world, std::uint32_t actor);

/// "p0017".
Name product_name(std::uint16_t product);

std::string_view channel_name(Channel channel);
std::string_view event_name(Kind kind);

}  // namespace grapevine::demo
