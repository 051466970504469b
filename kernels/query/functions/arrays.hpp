#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

/// The elements [begin, end) of a row of an array column.
struct ElementRange {
  std::size_t begin;
  std::size_t end;
  [[nodiscard]] std::size_t size() const { return end - begin; }
};
inline ElementRange elements_of(const Column& arrays, std::size_t row) {
  const std::size_t at = arrays.slot(row);
  const auto& ends = arrays.array().ends;
  return {at == 0 ? 0 : static_cast<std::size_t>(ends[at - 1]), static_cast<std::size_t>(ends[at])};
}

inline ColumnPtr array_column(DataType type, std::vector<std::uint64_t> ends, ColumnPtr elements) {
  auto column = std::make_shared<Column>();
  column->type = std::move(type);
  column->rows = ends.size();
  column->values = ArrayValues{std::move(ends), std::move(elements)};
  return column;
}

/// Collects arrays whose elements are elements of one column. More than 2^32 - 1 is beyond it.
class PickedArrays {
 public:
  explicit PickedArrays(std::size_t rows) { ends_.reserve(rows); }
  void add(std::size_t element) { places_.push_back(static_cast<std::uint32_t>(element)); }
  /// The element type's default: NULL or 0.
  void add_missing() { places_.push_back(kNoRow); }
  void end_row() { ends_.push_back(places_.size()); }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] ColumnPtr finish(DataType type, const ColumnPtr& elements) && {
    return array_column(std::move(type), std::move(ends_), gather(elements, places_));
  }

 private:
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint32_t> places_;
};

/// Elements that the arrays of a block's result have at most, where a function makes more of few.
inline constexpr std::size_t kElementsMax = 1u << 26;

/// Errors  always: TooLargeArraySize (128).
absl::Status too_many_elements();

/// Whether an element is NULL or NaN.
bool is_missing(const Column& elements, std::size_t at);

/// Calls with arrays: each element in the other order; one behind the other.
absl::StatusOr<Resolved> reverse_arrays(const Call& call);
absl::StatusOr<Resolved> concat_arrays(const Call& call);

}  // namespace grapevine::sql
