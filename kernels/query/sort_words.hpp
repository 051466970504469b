#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/sort_rows.hpp"

namespace grapevine::sql {

/// One key as unsigned numbers that are in order where the rows are.
struct SortWords {
  std::vector<std::uint64_t> words;  ///< One a row.
  std::uint64_t most = 0;            ///< No word is larger.
  /// Rows of the same word may still differ: the columns themselves decide.
  bool is_exact = true;
};

/// One list of words for a key, or two, where one has no room for NULL.
std::vector<SortWords> words_of(const SortKey& key, std::size_t rows);

}  // namespace grapevine::sql
