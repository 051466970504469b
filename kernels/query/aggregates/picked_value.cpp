#include "kernels/query/aggregates/picked_value.hpp"

#include <array>
#include <type_traits>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/aggregates/value_store.hpp"
#include "kernels/query/sort_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Which row of a block each group picks, until the block's end. Not thread-safe.
class BlockPicks {
 public:
  void resize(std::size_t groups) { row_.resize(groups, kNoRow); }
  [[nodiscard]] std::uint32_t row(std::uint32_t group) const { return row_[group]; }
  void pick(std::uint32_t group, std::size_t row) {
    if (row_[group] == kNoRow) touched_.push_back(group);
    row_[group] = static_cast<std::uint32_t>(row);
  }
  // Calls `body(group, row)` for each pick, and forgets it.
  template <typename Body>
  void take(const Body& body) {
    for (const std::uint32_t group : touched_) {
      body(group, row_[group]);
      row_[group] = kNoRow;
    }
    touched_.clear();
  }
  [[nodiscard]] std::size_t bytes() const { return row_.capacity() * sizeof(row_[0]); }

 private:
  std::vector<std::uint32_t> row_;
  std::vector<std::uint32_t> touched_;
};

// The value of the first or of the last row of each group.
template <bool kLast>
class FirstOrLast final : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit FirstOrLast(DataType type) : values_(std::move(type)) {}
  void resize(std::size_t groups) override {
    values_.resize(groups);
    groups_ = groups;
    if (kLast) picks_.resize(groups);
  }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const ColumnPtr& column = arguments[0];
    const bool one_group = groups_ == 1;
    if constexpr (kLast) {
      for_each_row(groups, mask, one_group,
                   [&](std::size_t i, std::uint32_t g) { picks_.pick(g, i); });
      picks_.take([&](std::uint32_t g, std::uint32_t row) { values_.set(g, column, row); });
    } else {
      if (one_group && values_.has(0)) return absl::OkStatus();
      for_each_row(groups, mask, one_group, [&](std::size_t i, std::uint32_t g) {
        if (!values_.has(g)) values_.set(g, column, i);
      });
    }
    return absl::OkStatus();
  }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const ValueStore& values = static_cast<const FirstOrLast&>(other).values_;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!values.has(from[i]) || (!kLast && values_.has(to[i]))) continue;
      values_.set(to[i], values, from[i]);
    }
  }
  absl::StatusOr<ColumnPtr> finish() override { return values_.values(); }
  [[nodiscard]] std::size_t bytes() const override { return values_.bytes() + picks_.bytes(); }

 private:
  ValueStore values_;
  BlockPicks picks_;
  std::size_t groups_ = 0;
};

// Whether a row's key beats that of another row of the block. NaN is beaten by all others.
bool wins_in_block(const Column& keys, std::size_t row, std::size_t best, bool least) {
  const int order = compare_values(keys, row, keys, best);
  return least ? order < 0 : order > 0;
}

// Keys of any type.
class ValueWithExtremeKey final : public AggregateStates {
 public:
  using AggregateStates::merge;
  ValueWithExtremeKey(DataType value, DataType key, bool least)
      : values_(std::move(value)), keys_(std::move(key)), least_(least) {}
  void resize(std::size_t groups) override {
    values_.resize(groups);
    keys_.resize(groups);
    picks_.resize(groups);
    groups_ = groups;
  }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const Column& keys = *arguments.back();
    for_each_row(groups, mask, groups_ == 1, [&](std::size_t i, std::uint32_t g) {
      const std::uint32_t best = picks_.row(g);
      if (best != kNoRow ? wins_in_block(keys, i, best, least_)
                         : !keys_.has(g) || wins(keys_.compare(keys, i, g))) {
        picks_.pick(g, i);
      }
    });
    picks_.take([&](std::uint32_t g, std::uint32_t row) {
      values_.set(g, arguments[0], row);
      keys_.set(g, arguments.back(), row);
    });
    return absl::OkStatus();
  }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const auto& others = static_cast<const ValueWithExtremeKey&>(other);
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!others.keys_.has(from[i])) continue;
      if (keys_.has(to[i]) && !wins(keys_.compare(others.keys_, from[i], to[i]))) continue;
      values_.set(to[i], others.values_, from[i]);
      keys_.set(to[i], others.keys_, from[i]);
    }
  }
  absl::StatusOr<ColumnPtr> finish() override { return values_.values(); }
  [[nodiscard]] std::size_t bytes() const override {
    return values_.bytes() + keys_.bytes() + picks_.bytes();
  }

 private:
  [[nodiscard]] bool wins(int order) const { return least_ ? order < 0 : order > 0; }

  ValueStore values_;
  ValueStore keys_;
  BlockPicks picks_;
  bool least_;
  std::size_t groups_ = 0;
};

// Keys that are numbers or times.
template <typename Key, bool kLeast>
class ValueWithExtremeNumber final : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit ValueWithExtremeNumber(DataType value) : values_(std::move(value)) {}
  void resize(std::size_t groups) override {
    values_.resize(groups);
    keys_.resize(groups);
    picks_.resize(groups);
  }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const Key> keys = arguments[1]->fixed<Key>();
    for_each_row(groups, mask, keys_.size() == 1, [&](std::size_t i, std::uint32_t g) {
      const bool has_key = picks_.row(g) != kNoRow || values_.has(g);
      if (has_key && !beats(keys[i], keys_[g])) return;
      picks_.pick(g, i);
      keys_[g] = keys[i];
    });
    picks_.take([&](std::uint32_t g, std::uint32_t row) { values_.set(g, arguments[0], row); });
    return absl::OkStatus();
  }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const auto& others = static_cast<const ValueWithExtremeNumber&>(other);
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!others.values_.has(from[i])) continue;
      const Key key = others.keys_[from[i]];
      if (values_.has(to[i]) && !beats(key, keys_[to[i]])) continue;
      values_.set(to[i], others.values_, from[i]);
      keys_[to[i]] = key;
    }
  }
  absl::StatusOr<ColumnPtr> finish() override { return values_.values(); }
  [[nodiscard]] std::size_t bytes() const override {
    return values_.bytes() + keys_.capacity() * sizeof(Key) + picks_.bytes();
  }

 private:
  static bool beats(Key key, Key best) {
    const bool beyond = kLeast ? key < best : best < key;
    if constexpr (std::is_floating_point_v<Key>) return beyond || (best != best && key == key);
    return beyond;
  }

  ValueStore values_;
  std::vector<Key> keys_;
  BlockPicks picks_;
};

template <bool kLast>
absl::StatusOr<AggregatePtr> make_first_or_last(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const DataType type = request.arguments[0];
  return made(type, [type] { return std::make_unique<FirstOrLast<kLast>>(type); });
}

template <bool kLeast>
absl::StatusOr<AggregatePtr> make_value_of_extreme(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 2));
  const DataType value = request.arguments[0];
  const DataType key = request.arguments[1];
  return made(value, [value, key] { return make_value_with_extreme_key(value, key, kLeast); });
}

constexpr std::array kKinds{
    AggregateKind{"any", make_first_or_last<false>},
    AggregateKind{"any_value", make_first_or_last<false>, true, false, "any"},
    AggregateKind{"first_value", make_first_or_last<false>, true, false, "any"},
    AggregateKind{"anyLast", make_first_or_last<true>},
    AggregateKind{"last_value", make_first_or_last<true>, true, false, "anyLast"},
    AggregateKind{"argMin", make_value_of_extreme<true>},
    AggregateKind{"min_by", make_value_of_extreme<true>, true, false, "argMin"},
    AggregateKind{"argMax", make_value_of_extreme<false>},
    AggregateKind{"max_by", make_value_of_extreme<false>, true, false, "argMax"},
};

}  // namespace

std::unique_ptr<AggregateStates> make_value_with_extreme_key(DataType value, DataType key,
                                                             bool least) {
  if (width_of(key.id) == 0) {
    return std::make_unique<ValueWithExtremeKey>(std::move(value), std::move(key), least);
  }
  return visit_stored(key.id, [&]<typename Key>(Key) -> std::unique_ptr<AggregateStates> {
    if (least) return std::make_unique<ValueWithExtremeNumber<Key, true>>(std::move(value));
    return std::make_unique<ValueWithExtremeNumber<Key, false>>(std::move(value));
  });
}

std::span<const AggregateKind> picked_value_kinds() { return kKinds; }

}  // namespace grapevine::sql
