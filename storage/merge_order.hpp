#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/part.hpp"
#include "storage/part_builder.hpp"
#include "storage/time_span.hpp"

namespace grapevine {

/// The runs of one event name that are merged, their living rows counted through: the i-th of run k
/// is number begins[k] + i.
struct MergeInputs {
  std::vector<const LiveRun*> runs;
  /// By run: which rows live, ascending; empty where all do. So a merge costs what lives, be it a
  /// few rows of large runs.
  std::vector<std::vector<std::uint32_t>> living;
  std::vector<std::uint32_t> begins;  ///< And the end.

  void add(const LiveRun& run);
  [[nodiscard]] std::uint32_t rows() const { return begins.empty() ? 0 : begins.back(); }
  struct Row {
    std::size_t run;
    std::size_t row;
  };
  [[nodiscard]] Row find(std::uint32_t number) const;

  /// Calls `body(i, row)` for each living row of run k.
  template <typename Body>
  void for_each_living(std::size_t k, const Body& body) const {
    const std::size_t count = begins[k + 1] - begins[k];
    if (living[k].empty()) {
      for (std::size_t row = 0; row < count; ++row) body(row, row);
    } else {
      for (std::size_t i = 0; i < count; ++i) body(i, living[k][i]);
    }
  }
};

/// Where every living row goes: those of one output after those of the one before, each in order of
/// (customer, time, sequence).
struct MergeOrder {
  std::vector<std::uint32_t> places;     ///< By number of the row: its new place.
  std::vector<std::uint64_t> rows;       ///< By place: customer above number.
  std::vector<std::uint64_t> times;      ///< By place, as Run keeps them.
  std::vector<std::uint64_t> sequences;  ///< By place.
  std::vector<std::uint32_t> begins;     ///< By output: its first place; and the end.

  [[nodiscard]] std::uint32_t number(std::size_t place) const {
    return static_cast<std::uint32_t>(rows[place]);
  }
  [[nodiscard]] CustomerId customer(std::size_t place) const {
    return CustomerId(static_cast<std::uint32_t>(rows[place] >> 32));
  }
};

/// `person_of`, where it is not empty, says whose a row is by the external id under which it came.
/// Cost: O(n); rows of one customer are compared where the inputs overlap in time.
MergeOrder merge_order(const MergeInputs& inputs, const SpanSplit& split,
                       const PersonOf& person_of);

}  // namespace grapevine
