#include "kernels/query/hash_join.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/group_table.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

template <typename Value>
void mark_nan(const Column& key, std::size_t rows, std::vector<std::uint8_t>& any) {
  const auto values = key.fixed<Value>();
  for (std::size_t row = 0; row < rows; ++row) {
    if (!std::isnan(values[key.slot(row)])) continue;
    any.resize(rows);
    any[row] = 1;
  }
}

// Rows where some key is NULL or NaN, which are equal to nothing.
std::vector<std::uint8_t> rows_with_null(std::span<const ColumnPtr> keys, std::size_t rows) {
  std::vector<std::uint8_t> any;
  for (const ColumnPtr& key : keys) {
    if (key->type.id == TypeId::Float64) mark_nan<double>(*key, rows, any);
    if (key->type.id == TypeId::Float32) mark_nan<float>(*key, rows, any);
    if (key->type.id != TypeId::Nothing && key->nulls.empty()) continue;
    any.resize(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      if (key->type.id == TypeId::Nothing || key->is_null(row)) any[row] = 1;
    }
  }
  return any;
}

}  // namespace

struct JoinTable::Impl {
  Impl(const std::vector<DataType>& types, std::size_t keys_expected, MemoryBudget& budget)
      : table(types, keys_expected), lease(budget) {}

  GroupTable table;
  // Rows of each key, in order: those of key k are rows[offsets[k]] to rows[offsets[k + 1]]. Without
  // offsets each key has one row, which is its number.
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> rows;
  std::vector<std::uint64_t> words;  // What each of `rows` is ordered by.
  MemoryLease lease;
};

JoinTable::JoinTable(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JoinTable::~JoinTable() = default;
JoinTable::JoinTable(JoinTable&&) noexcept = default;

absl::StatusOr<JoinTable> JoinTable::build(std::vector<ColumnPtr> keys, std::size_t rows,
                                           MemoryBudget& budget) {
  std::vector<DataType> types;
  for (const ColumnPtr& key : keys) types.push_back(key->type);
  auto impl = std::make_unique<Impl>(types, rows, budget);
  GRAPEVINE_RETURN_IF_ERROR(impl->lease.hold(2 * rows * sizeof(std::uint32_t)));
  std::vector<std::uint32_t> groups(rows);
  const std::vector<std::uint8_t> nulls = rows_with_null(keys, rows);
  if (nulls.empty()) {
    impl->table.assign(keys, rows, groups);
  } else {
    // Rows with NULL are left out; the others keep their numbers.
    std::vector<std::uint8_t> known(rows);
    std::size_t count = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      known[row] = nulls[row] ^ 1;
      count += known[row];
    }
    for (ColumnPtr& key : keys) key = filter(key, known, count);
    std::vector<std::uint32_t> of_known(count);
    impl->table.assign(keys, count, of_known);
    std::size_t at = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      groups[row] = known[row] != 0 ? of_known[at++] : kNoRow;
    }
  }
  const std::size_t distinct = impl->table.size();
  if (distinct < rows) {
    impl->offsets.resize(distinct + 1);
    for (const std::uint32_t group : groups) {
      if (group != kNoRow) ++impl->offsets[group + 1];
    }
    for (std::size_t i = 0; i < distinct; ++i) impl->offsets[i + 1] += impl->offsets[i];
    impl->rows.resize(impl->offsets.back());
    std::vector<std::uint32_t> next(impl->offsets.begin(), impl->offsets.end() - 1);
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (groups[row] != kNoRow) impl->rows[next[groups[row]]++] = row;
    }
  }
  GRAPEVINE_RETURN_IF_ERROR(impl->lease.hold(
      impl->table.bytes() + (impl->offsets.size() + impl->rows.size()) * sizeof(std::uint32_t)));
  return JoinTable(std::move(impl));
}

JoinTable::Matches JoinTable::probe(std::span<const ColumnPtr> keys, std::size_t rows,
                                    bool first_only) const {
  std::vector<std::uint32_t> groups(rows);
  impl_->table.find(keys, rows, groups);
  const std::vector<std::uint8_t> nulls = rows_with_null(keys, rows);
  const std::vector<std::uint32_t>& offsets = impl_->offsets;
  Matches matches;
  matches.left.reserve(rows);
  matches.right.reserve(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint32_t group = groups[row];
    if (group == kNoRow || (!nulls.empty() && nulls[row] != 0)) continue;
    if (offsets.empty()) {
      matches.left.push_back(row);
      matches.right.push_back(group);
      continue;
    }
    const std::uint32_t end = first_only ? offsets[group] + 1 : offsets[group + 1];
    for (std::uint32_t at = offsets[group]; at < end; ++at) {
      matches.left.push_back(row);
      matches.right.push_back(impl_->rows[at]);
    }
  }
  return matches;
}

std::optional<std::vector<std::uint32_t>> JoinTable::probe_unique(std::span<const ColumnPtr> keys,
                                                                  std::size_t rows) const {
  if (!impl_->offsets.empty()) return std::nullopt;
  std::vector<std::uint32_t> groups(rows);
  impl_->table.find(keys, rows, groups);
  const std::vector<std::uint8_t> nulls = rows_with_null(keys, rows);
  for (std::size_t row = 0; row < nulls.size(); ++row) {
    if (nulls[row] != 0) groups[row] = kNoRow;
  }
  return groups;
}

OrderedValues OrderedValues::of(const ColumnPtr& column) {
  OrderedValues ordered;
  const ColumnPtr values = full(column);
  const std::size_t rows = values->rows;
  ordered.words.resize(rows);
  ordered.missing = rows_with_null(std::span(&values, 1), rows);
  with_value_type(values->type.id, [&](auto zero) {
    using Value = decltype(zero);
    const auto from = values->fixed<Value>();
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
    for (std::size_t row = 0; row < rows; ++row) {
      if constexpr (std::is_floating_point_v<Value>) {
        // -0.0 is 0.0; the words of negative numbers go the other way.
        const auto bits = std::bit_cast<std::uint64_t>(static_cast<double>(from[row]) + 0.0);
        ordered.words[row] = (bits & kSign) != 0 ? ~bits : bits | kSign;
      } else if constexpr (std::is_signed_v<Value>) {
        ordered.words[row] =
            static_cast<std::uint64_t>(static_cast<std::int64_t>(from[row])) ^ kSign;
      } else {
        ordered.words[row] = from[row];
      }
    }
  });
  return ordered;
}

absl::Status JoinTable::order_by(const OrderedValues& values) {
  Impl& impl = *impl_;
  GRAPEVINE_RETURN_IF_ERROR(
      impl.lease.hold(impl.lease.held() + values.words.size() * sizeof(std::uint64_t)));
  if (impl.offsets.empty()) {
    impl.words = values.words;
    return absl::OkStatus();
  }
  impl.words.reserve(impl.rows.size());
  for (const std::uint32_t row : impl.rows) impl.words.push_back(values.words[row]);
  return absl::OkStatus();
}

JoinTable::Matches JoinTable::probe_nearest(std::span<const ColumnPtr> keys, std::size_t rows,
                                            const OrderedValues& values, bool before,
                                            bool or_equal) const {
  const Impl& impl = *impl_;
  std::vector<std::uint32_t> groups(rows);
  impl.table.find(keys, rows, groups);
  const std::vector<std::uint8_t> nulls = rows_with_null(keys, rows);
  Matches matches;
  matches.left.reserve(rows);
  matches.right.reserve(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint32_t group = groups[row];
    if (group == kNoRow || (!nulls.empty() && nulls[row] != 0) ||
        (!values.missing.empty() && values.missing[row] != 0)) {
      continue;
    }
    const std::uint64_t wanted = values.words[row];
    const bool single = impl.offsets.empty();
    const auto begin = impl.words.begin() + (single ? group : impl.offsets[group]);
    const auto end = impl.words.begin() + (single ? group + 1 : impl.offsets[group + 1]);
    // The first that is beyond: of those before it the last, or else it itself, is the nearest.
    auto nearest = before == or_equal ? std::upper_bound(begin, end, wanted)
                                      : std::lower_bound(begin, end, wanted);
    if (before) {
      if (nearest == begin) continue;
      nearest = std::lower_bound(begin, nearest, *(nearest - 1));
    } else if (nearest == end) {
      continue;
    }
    const auto at = static_cast<std::size_t>(nearest - impl.words.begin());
    matches.left.push_back(row);
    matches.right.push_back(single ? group : impl.rows[at]);
  }
  return matches;
}

}  // namespace grapevine::sql
