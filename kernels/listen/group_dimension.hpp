#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kernels/segment/customer_set.hpp"
#include "storage/ids.hpp"
#include "storage/part.hpp"

namespace grapevine {

inline constexpr std::uint32_t kNoGroup = 0xFFFF'FFFF;

/// Which rows of a run are meant, a bit a row; empty: none of them. A pure function that any number
/// of threads may call; the bits live as long as it.
using RowMarks = std::function<std::span<const std::uint64_t>(const Run&)>;

/// How rows of events fall into groups, by what they say and by who says it. A row is in every group
/// that one of the ways gives it, in each once; where no way gives it one, it is not meant. A
/// dimension of one group is a filter.
struct GroupDimension {
  std::size_t groups = 0;

  /// By the value of a column of strings.
  std::optional<ColumnId> column = {};
  std::vector<std::uint32_t> of_code =
      {};  ///< By code of its dictionary; beyond the end: kNoGroup.
  std::map<std::string, std::uint32_t, std::less<>> of_text = {};  ///< Where a run keeps no codes.

  /// By CustomerId of who speaks: kNoGroup in none. Beyond the end: kNoGroup.
  std::vector<std::uint32_t> of_customer = {};
  /// Groups of speakers, who may be in several.
  std::vector<std::pair<std::uint32_t, std::shared_ptr<const CustomerSet>>> members = {};
  /// Groups of rows.
  std::vector<std::pair<std::uint32_t, RowMarks>> marked = {};
};

}  // namespace grapevine
