#include "kernels/query/code_groups.hpp"

#include <algorithm>
#include <cassert>

namespace grapevine::sql {

void CodeGroups::assign(const Column& key, std::span<std::uint32_t> groups) {
  const PooledValues& pooled = *key.pooled();
  assert(key.nulls.empty() && (pool_ == nullptr || pool_ == pooled.pool));
  pool_ = pooled.pool;
  std::uint32_t* const group_of = group_of_.data();
  const std::size_t rows = pooled.codes.size();
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint32_t code = pooled.codes[i];
    assert(code - range_.first < range_.count);
    std::uint32_t& group = group_of[code - range_.first];
    if (group == 0) {
      codes_.push_back(code);
      group = static_cast<std::uint32_t>(codes_.size());
    }
    groups[i] = group - 1;
  }
  if (key.constant && rows > 0) std::fill(groups.begin(), groups.end(), groups[0]);
}

ColumnPtr CodeGroups::keys() const {
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->rows = codes_.size();
  column->values = PooledValues{codes_, pool_};
  return column;
}

}  // namespace grapevine::sql
