#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include <absl/container/flat_hash_map.h>

namespace grapevine {

/// Names of brands, products, topics and channels as small numbers, whatever form their columns
/// have. Not thread-safe.
class WatchedNames {
 public:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  std::uint32_t number_of(std::string_view name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back(name);
    numbers_.emplace(names_.back(), number);
    return number;
  }
  [[nodiscard]] const std::string& at(std::uint32_t number) const { return names_[number]; }

 private:
  std::deque<std::string> names_;
  absl::flat_hash_map<std::string_view, std::uint32_t> numbers_;
};

}  // namespace grapevine
