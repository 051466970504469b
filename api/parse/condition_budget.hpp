#pragma once

#include <cstddef>
#include <string>

#include "api/parse/mistakes.hpp"
#include "api/parse/parse_definition.hpp"

namespace grapevine {

/// Counts the conditions of a definition while it is read: rules of `where` and steps of a sequence
/// included.
class ConditionBudget {
 public:
  explicit ConditionBudget(Mistakes& mistakes) : mistakes_(mistakes) {}

  /// Takes one more. False: there are too many, which is noted once, where the limit was passed.
  bool take(const std::string& pointer) {
    if (++taken_ == kConditionsMax + 1) {
      mistakes_.add(pointer, "more than " + std::to_string(kConditionsMax) +
                                 " conditions (groups, rules of where and steps count, too)");
    }
    return !is_spent();
  }
  [[nodiscard]] bool is_spent() const { return taken_ > kConditionsMax; }

 private:
  Mistakes& mistakes_;
  std::size_t taken_ = 0;
};

}  // namespace grapevine
