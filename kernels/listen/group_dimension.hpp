#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernels/listen/topic_rows.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/ids.hpp"

namespace grapevine {

inline constexpr std::uint32_t kNoGroup = 0xFFFF'FFFF;

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
  /// By what texts are about, where the row has no value in the column.
  std::vector<std::pair<std::uint32_t, std::shared_ptr<const TopicRows>>> topics = {};
};

}  // namespace grapevine
