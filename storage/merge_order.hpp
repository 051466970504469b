#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/part.hpp"
#include "storage/part_builder.hpp"
#include "storage/time_span.hpp"

namespace grapevine {

/// The runs of one event name that are merged, their rows counted through: row r of run k is number
/// begins[k] + r.
struct MergeInputs {
  std::vector<const LiveRun*> runs;
  std::vector<std::uint32_t> begins;  ///< And the end.

  void add(const LiveRun& run);
  [[nodiscard]] std::uint32_t rows() const { return begins.empty() ? 0 : begins.back(); }
  struct Row {
    std::size_t run;
    std::size_t row;
  };
  [[nodiscard]] Row find(std::uint32_t number) const;
};

/// Where every living row goes: those of one output after those of the one before, each in order of
/// (customer, time, sequence).
struct MergeOrder {
  static constexpr std::uint32_t kDropped = 0xFFFF'FFFF;

  std::vector<std::uint32_t> places;     ///< By number of the row: its new place, or kDropped.
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
