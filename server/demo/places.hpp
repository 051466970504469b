#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace grapevine::demo {

/// Where people live: a Korean city, county or district, or a city elsewhere.
struct Place {
  std::string_view name;
  std::int32_t latitude;   // In 1/1000 degree.
  std::int32_t longitude;  // In 1/1000 degree.
  std::uint8_t weight;     // How many live there, relative to the other places.
  bool abroad = false;     // Outside Korea: people there mostly write English.
};

/// The 250 places: 229 in Korea, 21 elsewhere.
std::span<const Place> places();

/// The index of a place, drawn by weight.
std::uint8_t draw_place(std::uint64_t bits);

/// The index of the place with this name, which must exist.
std::uint8_t place_named(std::string_view name);

}  // namespace grapevine::demo
