#include "kernels/query/aggregates/unique_counts.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "kernels/query/aggregates/selected_rows.hpp"

namespace grapevine::sql {
namespace {

// Bits of so many words are worth it for few values, too; beyond that, of so many words a pair.
constexpr std::size_t kFreeWords = std::size_t{1} << 21;
// Not so for many groups, each of which has few of many values.
constexpr std::size_t kManyGroups = 4096;
constexpr std::size_t kFewWords = 8;
// Those of one range are cleared for the next one: they may be more.
constexpr std::size_t kRangeWords = std::size_t{1} << 24;
constexpr std::size_t kWordsPerPair = 2;
constexpr std::size_t kAhead = 16;

std::uint64_t pair_of(std::uint32_t group, std::uint32_t value) {
  return std::uint64_t{group} << 32 | value;
}

bool is_one_text(const std::vector<DataType>& types) {
  return types.size() == 1 && types[0].id == TypeId::String && !types[0].nullable;
}

}  // namespace

UniqueCounts::UniqueCounts(std::vector<DataType> types)
    : types_(types), table_(std::move(types)), may_use_codes_(is_one_text(types_)) {}

bool UniqueCounts::expect_codes(CodeRange range) {
  if (!is_one_text(types_)) return false;
  if (!uses_bits_) {  // Too many groups for bits: pairs are few in a range.
    set_ = {};
  } else if (!range_ || range_->count != range.count) {
    bits_ = {};
  } else {
    bits_.clear();
  }
  range_ = range;
  return true;
}

// Whether a column's codes are the values. The first pool's are, until another one comes.
bool UniqueCounts::take_codes(const Column& column) {
  if (!may_use_codes_) return false;
  const PooledValues* pooled = column.pooled();
  if (pooled != nullptr && pool_ == nullptr) pool_ = pooled->pool;
  if (pooled != nullptr && pool_ == pooled->pool) return true;
  forget_codes();
  return false;
}

void UniqueCounts::forget_codes() {
  may_use_codes_ = false;
  if (pool_ == nullptr) return;
  // Which codes there are, and what they are numbered in the table.
  std::vector<std::uint32_t> codes;
  std::vector<std::uint64_t> pairs;
  seal();
  for (std::uint32_t group = 0; group < counts_.size(); ++group) {
    for_each_of(group, [&](std::uint32_t code) { pairs.push_back(pair_of(group, code)); });
  }
  for (const std::uint64_t pair : pairs) codes.push_back(static_cast<std::uint32_t>(pair));
  std::vector<std::uint32_t> values(codes.size());
  const std::vector<ColumnPtr> columns = columns_of(codes);
  table_.assign(columns, codes.size(), values);
  pool_ = nullptr;
  set_ = {};
  uses_bits_ = true;
  bits_ = {};
  pairs_ = 0;
  sealed_pairs_ = {};
  sealed_values_ = {};
  std::fill(counts_.begin(), counts_.end(), 0);
  std::vector<std::uint32_t> groups(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    groups[i] = static_cast<std::uint32_t>(pairs[i] >> 32);
  }
  add_pairs(groups, values, table_.size());
}

std::size_t UniqueCounts::values_max() const {
  return pool_ != nullptr ? pool_->size() : table_.size();
}

absl::Status UniqueCounts::add(std::span<const std::uint32_t> groups,
                               std::span<const ColumnPtr> arguments,
                               std::span<const std::uint8_t> mask) {
  const SelectedRows rows = SelectedRows::of(groups, arguments, mask, kept_groups_, kept_columns_);
  if (rows.groups.empty()) return absl::OkStatus();
  if (take_codes(*rows.columns[0])) {
    add_pairs(rows.groups, rows.columns[0]->pooled()->codes,
              range_ ? range_->count : pool_->size());
    return absl::OkStatus();
  }
  ids_.resize(rows.groups.size());
  table_.assign(rows.columns, rows.groups.size(), ids_);
  add_pairs(rows.groups, ids_, table_.size());
  return absl::OkStatus();
}

// Values are below `values_max`, counted from where the range begins.
void UniqueCounts::add_pairs(std::span<const std::uint32_t> groups,
                             std::span<const std::uint32_t> values, std::size_t values_max) {
  const std::uint32_t first = range_ ? range_->first : 0;
  if (uses_bits_ && make_room(values_max)) {
    if (counts_.size() == 1) return add_to_one(values, first);
    std::uint64_t* const counts = counts_.data();
    std::uint64_t added = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::size_t value = values[i] - first;
      std::uint64_t& word = bits_.of(groups[i])[value / 64];
      const std::uint64_t is_new = ~word >> (value % 64) & 1;
      word |= is_new << (value % 64);
      counts[groups[i]] += is_new;
      added += is_new;
    }
    pairs_ += added;
    return;
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i + kAhead < groups.size()) set_.prefetch(pair_of(groups[i + kAhead], values[i + kAhead]));
    const std::uint64_t is_new = set_.insert(pair_of(groups[i], values[i])) ? 1 : 0;
    counts_[groups[i]] += is_new;
    pairs_ += is_new;
  }
}

void UniqueCounts::add_to_one(std::span<const std::uint32_t> values, std::uint32_t first) {
  std::uint64_t* const bits = bits_.of(0);
  std::uint64_t added = 0;
  for (const std::uint32_t code : values) {
    const std::size_t value = code - first;
    const std::uint64_t before = bits[value / 64];
    const std::uint64_t after = before | std::uint64_t{1} << (value % 64);
    bits[value / 64] = after;
    added += before != after ? 1 : 0;
  }
  counts_[0] += added;
  pairs_ += added;
}

// Makes the bits enough for all groups and values below a number; false: pairs are kept from now on.
bool UniqueCounts::make_room(std::size_t values_max) {
  const std::size_t groups = counts_.size();
  const std::size_t words = values_max / 64 + 1;
  // Values of a table grow in number: a half more, so that bits are not moved with every block.
  std::size_t stride = bits_.words();
  if (words > stride) stride = pool_ != nullptr ? words : words + words / 2;
  if (stride == bits_.words() && groups <= bits_.groups()) return true;
  const bool sparse = groups > kManyGroups && stride > kFewWords;
  const std::size_t most =
      range_ ? kRangeWords : std::max(sparse ? 0 : kFreeWords, kWordsPerPair * pairs_);
  // One group's bits are never more than its values would take.
  if (groups * stride > most && groups > 1) {
    leave_bits();
    return false;
  }
  bits_.resize(groups, stride);
  return true;
}

void UniqueCounts::leave_bits() {
  const std::uint32_t first = range_ ? range_->first : 0;
  const std::size_t groups = std::min(bits_.groups(), counts_.size());
  for (std::uint32_t group = 0; group < groups; ++group) {
    for_each_of(group, [&](std::uint32_t value) { set_.insert(pair_of(group, first + value)); });
  }
  bits_ = {};
  uses_bits_ = false;
}

template <typename Body>
void UniqueCounts::for_each_of(std::uint32_t group, const Body& body) const {
  if (uses_bits_) {
    if (group >= bits_.groups()) return;
    const std::uint64_t* const words = bits_.of(group);
    for (std::size_t word = 0; word < bits_.words(); ++word) {
      for (std::uint64_t left = words[word]; left != 0; left &= left - 1) {
        body(static_cast<std::uint32_t>(word * 64 +
                                        static_cast<std::size_t>(std::countr_zero(left))));
      }
    }
    return;
  }
  auto at = std::lower_bound(sealed_pairs_.begin(), sealed_pairs_.end(), pair_of(group, 0));
  for (; at != sealed_pairs_.end() && *at >> 32 == group; ++at) {
    body(static_cast<std::uint32_t>(*at));
  }
}

void UniqueCounts::seal() {
  if (range_) return;
  if (!uses_bits_) {
    sealed_pairs_.clear();
    sealed_pairs_.reserve(set_.size());
    set_.for_each([&](std::uint64_t pair) { sealed_pairs_.push_back(pair); });
    std::sort(sealed_pairs_.begin(), sealed_pairs_.end());
  }
  if (pool_ == nullptr) sealed_values_ = table_.keys();
}

std::vector<ColumnPtr> UniqueCounts::columns_of(std::span<const std::uint32_t> values) const {
  if (pool_ != nullptr) {
    auto column = std::make_shared<Column>();
    column->type = types_[0];
    column->rows = values.size();
    column->values = PooledValues{{values.begin(), values.end()}, pool_};
    return {column};
  }
  std::vector<ColumnPtr> columns;
  for (const ColumnPtr& column : sealed_values_) columns.push_back(gather(column, values));
  return columns;
}

void UniqueCounts::merge(const AggregateStates& other, std::span<const std::uint32_t> from,
                         std::span<const std::uint32_t> to) {
  const auto& others = static_cast<const UniqueCounts&>(other);
  if (others.pairs_ == 0) return;
  if (others.range_) {  // What others have seen nobody else has: it is added up.
    assert(range_ || pairs_ == 0);
    range_ = others.range_;
    for (std::size_t i = 0; i < from.size(); ++i) counts_[to[i]] += others.counts_[from[i]];
    pairs_ += others.pairs_;
    return;
  }
  if (pool_ == nullptr && may_use_codes_) pool_ = others.pool_;
  const bool same_codes = pool_ != nullptr && pool_ == others.pool_;
  if (!same_codes && (pool_ != nullptr || may_use_codes_)) forget_codes();
  const bool both_bits = same_codes && uses_bits_ && others.uses_bits_ && make_room(pool_->size());
  std::vector<std::uint32_t> groups;
  std::vector<std::uint32_t> theirs;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (both_bits) {
      merge_bits(others, from[i], to[i]);
      continue;
    }
    others.for_each_of(from[i], [&](std::uint32_t value) {
      groups.push_back(to[i]);
      theirs.push_back(value);
    });
  }
  if (groups.empty()) return;
  if (same_codes) return add_pairs(groups, theirs, pool_->size());
  // Each of their values is looked up once.
  std::vector<std::uint32_t> mine(others.values_max(), kNoRow);
  std::vector<std::uint32_t> distinct;
  for (const std::uint32_t value : theirs) {
    if (mine[value] != kNoRow) continue;
    mine[value] = 0;
    distinct.push_back(value);
  }
  ids_.resize(distinct.size());
  table_.assign(others.columns_of(distinct), distinct.size(), ids_);
  for (std::size_t i = 0; i < distinct.size(); ++i) mine[distinct[i]] = ids_[i];
  for (std::uint32_t& value : theirs) value = mine[value];
  add_pairs(groups, theirs, table_.size());
}

// Of a group, of the same codes.
void UniqueCounts::merge_bits(const UniqueCounts& others, std::uint32_t from, std::uint32_t to) {
  if (from >= others.bits_.groups()) return;
  const std::uint64_t* const theirs = others.bits_.of(from);
  std::uint64_t* const mine = bits_.of(to);
  assert(others.bits_.words() <= bits_.words());
  std::uint64_t added = 0;
  for (std::size_t w = 0; w < others.bits_.words(); ++w) {
    added += static_cast<std::uint64_t>(std::popcount(theirs[w] & ~mine[w]));
    mine[w] |= theirs[w];
  }
  counts_[to] += added;
  pairs_ += added;
}

absl::StatusOr<ColumnPtr> UniqueCounts::finish() {
  auto column = new_fixed(plain(TypeId::UInt64), counts_.size());
  std::copy(counts_.begin(), counts_.end(), column->fixed<std::uint64_t>().begin());
  return column;
}

std::size_t UniqueCounts::bytes() const {
  return table_.bytes() + counts_.capacity() * sizeof(counts_[0]) + bits_.bytes() + set_.bytes();
}

}  // namespace grapevine::sql
