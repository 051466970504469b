#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "kernels/parallel/group_stably.hpp"

namespace grapevine::sql {

/// Values of groups, in the order in which they came. What another has sealed is shared rather than
/// copied. Not thread-safe, but once sealed any number of threads may read.
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
  /// Adds all values of a block to the only group. Precondition: there is one.
  void add_all(std::span<const Value> values) {
    values_.insert(values_.end(), values.begin(), values.end());
  }

  /// Comes after the last `add` and `merge`.
  void seal() {
    if (is_sealed_) return;
    is_sealed_ = true;
    if (!values_.empty()) pieces_.push_back(own_pieces());
    // The pieces of each group side by side, in the order in which they came.
    std::vector<std::size_t> counts(groups_ + 1);
    for (const Pieces& pieces : pieces_) {
      for (const Piece& piece : pieces.list) ++counts[piece.group + 1];
    }
    for (std::size_t group = 0; group < groups_; ++group) counts[group + 1] += counts[group];
    offsets_ = counts;
    sorted_.resize(counts.back());
    for (const Pieces& pieces : pieces_) {
      for (const Piece& piece : pieces.list) sorted_[counts[piece.group]++] = piece.values;
    }
    for (Pieces& pieces : pieces_) pieces.list = {};
    if (sorted_.size() > groups_) join_small_pieces();
  }
  /// Precondition: sealed.
  [[nodiscard]] std::size_t size_of(std::size_t group) const {
    std::size_t size = 0;
    for (const std::span<const Value> piece : pieces_of(group)) size += piece.size();
    return size;
  }
  /// The values of a group in order, piece by piece. Precondition: sealed.
  [[nodiscard]] std::span<const std::span<const Value>> pieces_of(std::size_t group) const {
    return std::span(sorted_).subspan(offsets_[group], offsets_[group + 1] - offsets_[group]);
  }
  /// The same one after the other in `all`, which may be moved around.
  std::span<Value> of(std::size_t group, std::vector<Value>& all) const {
    all.clear();
    for (const std::span<const Value> piece : pieces_of(group)) {
      all.insert(all.end(), piece.begin(), piece.end());
    }
    return all;
  }
  /// Precondition: the other is sealed, this one is not.
  void merge(const GroupedValues& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) {
    if (!values_.empty()) pieces_.push_back(own_pieces());
    Pieces shared;
    for (const Pieces& pieces : other.pieces_) {
      shared.keep.insert(shared.keep.end(), pieces.keep.begin(), pieces.keep.end());
    }
    for (std::size_t i = 0; i < from.size(); ++i) {
      for (const std::span<const Value> piece : other.pieces_of(from[i])) {
        shared.list.push_back({to[i], piece});
        shared_bytes_ += piece.size_bytes();
      }
    }
    if (!shared.list.empty()) pieces_.push_back(std::move(shared));
  }
  [[nodiscard]] std::size_t groups() const { return groups_; }
  [[nodiscard]] std::size_t bytes() const {
    return values_.capacity() * sizeof(Value) + numbers_.capacity() * sizeof(numbers_[0]) +
           (offsets_.capacity() + 2 * sorted_.capacity()) * sizeof(std::size_t) + shared_bytes_;
  }

 private:
  struct Piece {
    std::uint32_t group;
    std::span<const Value> values;
  };
  // Pieces, and what they stand in.
  struct Pieces {
    std::vector<std::shared_ptr<const std::vector<Value>>> keep;
    std::vector<Piece> list;
  };

  // Pieces of few values each take more than the values themselves.
  void join_small_pieces() {
    constexpr std::size_t kSmall = 8;
    std::size_t count = 0;
    for (const std::span<const Value> piece : sorted_) count += piece.size();
    if (count >= kSmall * sorted_.size()) return;
    std::vector<Value> all;
    all.reserve(count);
    std::vector<std::size_t> ends;
    for (std::size_t group = 0; group < groups_; ++group) {
      for (const std::span<const Value> piece : pieces_of(group)) {
        all.insert(all.end(), piece.begin(), piece.end());
      }
      ends.push_back(all.size());
    }
    auto joined = std::make_shared<const std::vector<Value>>(std::move(all));
    sorted_.clear();
    offsets_.assign(1, 0);
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      if (end > begin) sorted_.push_back(std::span(*joined).subspan(begin, end - begin));
      offsets_.push_back(sorted_.size());
      begin = end;
    }
    shared_bytes_ = count * sizeof(Value);
    pieces_.clear();
    pieces_.push_back({{std::move(joined)}, {}});
  }

  // What was added since the last time, a piece a group.
  Pieces own_pieces() {
    Pieces own;
    if (groups_ <= 1) {
      own.keep.push_back(std::make_shared<const std::vector<Value>>(std::exchange(values_, {})));
      own.list.push_back({0, *own.keep[0]});
    } else {
      std::vector<Value> sorted(values_.size());
      const std::vector<std::size_t> offsets = group_stably(
          values_.size(), groups_, [&](std::size_t i) { return std::size_t{numbers_[i]}; },
          [&](std::size_t i, std::size_t position) { sorted[position] = values_[i]; });
      own.keep.push_back(std::make_shared<const std::vector<Value>>(std::move(sorted)));
      const std::span<const Value> all = *own.keep[0];
      for (std::uint32_t group = 0; group < groups_; ++group) {
        const std::size_t size = offsets[group + 1] - offsets[group];
        if (size > 0) own.list.push_back({group, all.subspan(offsets[group], size)});
      }
    }
    shared_bytes_ += own.keep[0]->capacity() * sizeof(Value);
    values_ = {};
    numbers_ = {};
    return own;
  }

  std::size_t groups_ = 0;
  std::vector<Value> values_;
  std::vector<std::uint32_t> numbers_;  // The group of each, where there are several.
  std::vector<Pieces> pieces_;
  std::size_t shared_bytes_ = 0;
  // Once sealed: the pieces of each group.
  bool is_sealed_ = false;
  std::vector<std::span<const Value>> sorted_;
  std::vector<std::size_t> offsets_;
};

}  // namespace grapevine::sql
