#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/parallel/group_stably.hpp"

namespace grapevine::sql {

/// Values of groups, in the order in which they came. Not thread-safe.
template <typename Value>
class GroupedValues {
 public:
  void resize(std::size_t groups) {
    // One group needs no numbers.
    if (groups_ <= 1 && groups > 1) numbers_.assign(values_.size(), 0);
    groups_ = groups;
  }
  void add(std::uint32_t group, const Value& value) {
    values_.push_back(value);
    if (groups_ > 1) numbers_.push_back(group);
  }
  void reserve_more(std::size_t count) {
    // Twice the room at least, as adding one by one makes it.
    if (values_.size() + count <= values_.capacity()) return;
    values_.reserve(std::max(2 * values_.capacity(), values_.size() + count));
    if (groups_ > 1) numbers_.reserve(values_.capacity());
  }

  /// Puts the values of each group side by side. Comes after the last `add`.
  void seal() {
    if (is_sealed_) return;
    is_sealed_ = true;
    if (groups_ <= 1) {
      offsets_ = {0, values_.size()};
      return;
    }
    std::vector<Value> sorted(values_.size());
    offsets_ = group_stably(
        values_.size(), groups_, [&](std::size_t i) { return std::size_t{numbers_[i]}; },
        [&](std::size_t i, std::size_t position) { sorted[position] = values_[i]; });
    values_ = std::move(sorted);
    numbers_ = {};
  }
  /// Precondition: sealed.
  [[nodiscard]] std::span<Value> of(std::size_t group) {
    return std::span(values_).subspan(offsets_[group], offsets_[group + 1] - offsets_[group]);
  }
  [[nodiscard]] std::span<const Value> of(std::size_t group) const {
    return std::span(values_).subspan(offsets_[group], offsets_[group + 1] - offsets_[group]);
  }
  /// Precondition: the other is sealed, this one is not.
  void merge(const GroupedValues& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::span<const Value> values = other.of(from[i]);
      values_.insert(values_.end(), values.begin(), values.end());
      if (groups_ > 1) numbers_.insert(numbers_.end(), values.size(), to[i]);
    }
  }
  [[nodiscard]] std::size_t groups() const { return groups_; }
  [[nodiscard]] std::size_t bytes() const {
    return values_.capacity() * sizeof(Value) + numbers_.capacity() * sizeof(numbers_[0]) +
           offsets_.capacity() * sizeof(offsets_[0]);
  }

 private:
  std::size_t groups_ = 0;
  std::vector<Value> values_;
  std::vector<std::uint32_t> numbers_;  // The group of each, where there are several.
  std::vector<std::size_t> offsets_;
  bool is_sealed_ = false;
};

}  // namespace grapevine::sql
