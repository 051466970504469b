#include "kernels/segment/event_selection.hpp"

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <variant>

namespace grapevine {
namespace {

using Mask = std::span<std::uint8_t>;

// Keeps the rows whose time is in [from, to). Both bounds become offsets, so that the loop compares
// what is stored.
void keep_window(const Run& run, RowRange rows, TimeMs from, TimeMs to, Mask mask) {
  const std::uint64_t base = run.times.base();
  const std::uint64_t begin = static_cast<std::uint64_t>(from) ^ Run::kSignBit;
  const std::uint64_t end = static_cast<std::uint64_t>(to) ^ Run::kSignBit;
  const std::uint64_t least = begin > base ? begin - base : 0;
  const std::uint64_t beyond = end > base ? end - base : 0;
  run.times.visit([&](const auto offsets) {
    const auto of_rows = offsets.subspan(rows.begin, mask.size());
    for (std::size_t i = 0; i < mask.size(); ++i) {
      const std::uint64_t offset = of_rows[i];
      mask[i] &= static_cast<std::uint8_t>((offset >= least) & (offset < beyond));
    }
  });
}

// Keeps the rows whose value `accepts(row)`; asks only of rows that are still kept and have one.
template <typename Accepts>
void keep_accepted(const RunColumn& column, RowRange rows, bool negated, const Accepts& accepts,
                   Mask mask) {
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == 0) continue;
    const std::size_t row = rows.begin + i;
    mask[i] = static_cast<std::uint8_t>((column.has(row) && accepts(row)) != negated);
  }
}

// The same for a plain array and one range, without branches.
template <typename Number>
void keep_range(const RunColumn& column, std::span<const Number> values, RowRange rows,
                Range<Number> range, bool negated, Mask mask) {
  const auto flip = static_cast<std::uint8_t>(negated);
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const Number value = values[rows.begin + i];
    const bool inside = (range.least <= value) & (value <= range.most);
    mask[i] &= static_cast<std::uint8_t>(
        static_cast<std::uint8_t>(inside & column.has(rows.begin + i)) ^ flip);
  }
}

template <typename Number>
void keep_numbers(const RunColumn& column, const std::vector<Number>& values,
                  const std::vector<Range<Number>>& ranges, const ColumnRule& rule, RowRange rows,
                  Mask mask) {
  if (ranges.size() == 1 && !rule.test.as_text && !rule.test.any) {
    return keep_range<Number>(column, values, rows, ranges.front(), rule.negated, mask);
  }
  keep_accepted(
      column, rows, rule.negated,
      [&](std::size_t row) { return satisfies(rule.test, values[row]); }, mask);
}

void keep_codes(const RunColumn& column, const PackedUints& codes, const CodeSet& set,
                const ColumnRule& rule, RowRange rows, Mask mask) {
  if (rule.test.any) {
    return keep_accepted(
        column, rows, rule.negated, [](std::size_t) { return true; }, mask);
  }
  codes.visit([&](const auto offsets) {
    keep_accepted(
        column, rows, rule.negated,
        [&](std::size_t row) { return set.has(codes.base() + offsets[row]); }, mask);
  });
}

void keep_rule(const Run& run, RowRange rows, const ColumnRule& rule, const CodeSet& codes,
               Mask mask) {
  const RunColumn* column = run.column(rule.column);
  if (column == nullptr) {  // No row of the run has a value.
    if (!rule.negated) std::fill(mask.begin(), mask.end(), 0);
    return;
  }
  std::visit(
      [&](const auto& kept) {
        using Kept = std::decay_t<decltype(kept)>;
        const ValueTest& test = rule.test;
        if constexpr (std::is_same_v<Kept, CodeValues>) {
          keep_codes(*column, kept.codes, codes, rule, rows, mask);
        } else if constexpr (std::is_same_v<Kept, Int64Values>) {
          keep_numbers(*column, kept.values, test.whole, rule, rows, mask);
        } else if constexpr (std::is_same_v<Kept, Float64Values>) {
          keep_numbers(*column, kept.values, test.real, rule, rows, mask);
        } else if constexpr (std::is_same_v<Kept, Float32Values>) {
          keep_numbers(*column, kept.values, test.real32, rule, rows, mask);
        } else if constexpr (std::is_same_v<Kept, BoolValues>) {
          keep_accepted(
              *column, rows, rule.negated,
              [&](std::size_t row) { return satisfies(test, kept.values[row] != 0); }, mask);
        } else {
          keep_accepted(
              *column, rows, rule.negated,
              [&](std::size_t row) { return satisfies(test, kept.at(row)); }, mask);
        }
      },
      column->values);
}

void keep_living(const DeadRows& dead, RowRange rows, Mask mask) {
  for (std::size_t i = 0; i < mask.size(); ++i) {
    mask[i] &= static_cast<std::uint8_t>(!dead.has(rows.begin + i));
  }
}

void keep_targets(const Snapshot& snapshot, const Run& run, RowRange rows, const TargetRule& rule,
                  Mask mask) {
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == 0) continue;
    const CustomerId target = snapshot.target(run, rows.begin + i);
    const bool accepted = target != kNobody && rule.accepted.has(target);
    mask[i] = static_cast<std::uint8_t>(accepted != rule.negated);
  }
}

}  // namespace

RowFilter::RowFilter(const Snapshot& snapshot, const EventSelection& selection)
    : snapshot_(&snapshot), selection_(&selection) {
  codes_.reserve(selection.where.size());
  for (const ColumnRule& rule : selection.where) {
    const ColumnInfo& column = snapshot.columns()[index(rule.column)];
    const bool by_code = column.dictionary != nullptr && !rule.test.any;
    codes_.push_back(by_code ? accepted_codes(*column.dictionary, rule.test) : CodeSet{});
  }
}

std::span<const std::uint8_t> RowFilter::meant(const LiveRun& live, RowRange rows,
                                               std::vector<std::uint8_t>& scratch) const {
  const Run& run = *live;
  const EventSelection& wanted = *selection_;
  const bool whole_run_in_window = run.first >= wanted.from && run.last < wanted.to;
  const bool all_rows = whole_run_in_window && wanted.where.empty() && wanted.targets.empty();
  if (all_rows && live.dead() == nullptr) return {};
  scratch.assign(rows.end - rows.begin, 1);
  const Mask mask(scratch);
  if (live.dead() != nullptr) keep_living(*live.dead(), rows, mask);
  if (!whole_run_in_window) keep_window(run, rows, wanted.from, wanted.to, mask);
  for (std::size_t i = 0; i < wanted.where.size(); ++i) {
    keep_rule(run, rows, wanted.where[i], codes_[i], mask);
  }
  for (const TargetRule& rule : wanted.targets) keep_targets(*snapshot_, run, rows, rule, mask);
  return mask;
}

}  // namespace grapevine
