#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/segment/value_test.hpp"
#include "storage/dictionary.hpp"

namespace grapevine {

/// A set of codes of one dictionary, as bits, 32 to a word.
struct CodeSet {
  std::vector<std::uint32_t> bits;  ///< One for every code that a snapshot can hold.
  std::size_t count = 0;            ///< How many codes are in.
  std::vector<std::uint32_t> few;   ///< The first of them, at most kFew, ascending.

  static constexpr std::size_t kFew = 4;  ///< So many are compared one by one as fast as looked up.

  [[nodiscard]] bool has(std::uint64_t code) const {
    return ((bits[code / 32] >> (code % 32)) & 1) != 0;
  }
};

/// The codes whose strings satisfy the test, so that each distinct string is looked at once and not
/// each row. Cost: a look-up for each of `test.texts`, or else one call of `test.text` a string.
CodeSet accepted_codes(const Dictionary& dictionary, const ValueTest& test);

}  // namespace grapevine
