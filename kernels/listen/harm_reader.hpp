#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "kernels/text/service_signs.hpp"
#include "storage/part.hpp"
#include "storage/text_values.hpp"

namespace grapevine {

/// Tells which rows of a run tell of harm. Opens its texts when it is first asked about one.
/// Not thread-safe; the run outlives it.
class HarmReader {
 public:
  explicit HarmReader(const Run& run);

  /// See `tells_of_harm` of a text; false for a row without one.
  bool tells_of_harm(std::size_t row);

 private:
  const RunColumn* column_;
  const TextValues* texts_;  // nullptr: no row has one.
  std::optional<TextReader> reader_;
  std::vector<FoundSign> scratch_;
};

}  // namespace grapevine
