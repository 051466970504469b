#pragma once

#include <cstdint>
#include <string_view>

namespace grapevine::sql {

/// CityHash64 in its version 1.0.2, which ClickHouse has kept: later ones give other numbers.
/// Source: Pike & Alakuijala 2011, https://github.com/google/cityhash, tag 1.0.2.
std::uint64_t city_hash64(std::string_view text);

/// Two hashes as one, by the same source's Hash128to64.
std::uint64_t city_combined(std::uint64_t low, std::uint64_t high);

}  // namespace grapevine::sql
