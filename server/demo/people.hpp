#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "server/demo/products.hpp"

namespace grapevine::demo {

constexpr std::uint8_t kNoCategory = 0xFF;

/// A hobby, with the ages that it suits best and the category of products that it needs.
struct Hobby {
  Word name;
  std::uint8_t age_min;
  std::uint8_t age_max;
  std::uint8_t category;  // kNoCategory where the shop sells nothing for it.
};

/// A job, with the ages at which people have it and how well it pays.
struct Job {
  std::string_view name;
  std::uint8_t age_min;
  std::uint8_t age_max;
  std::uint8_t pay;  // 0 to 9.
};

struct GivenName {
  std::string_view name;
  bool female;
  bool abroad;
};

std::span<const Hobby> hobbies();  ///< 50 of them.
std::span<const Job> jobs();       ///< 30 of them.
std::span<const GivenName>
given_names();  ///< 24 Korean ones of each gender, then 12 others of each.

}  // namespace grapevine::demo
