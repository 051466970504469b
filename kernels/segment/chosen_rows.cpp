#include "kernels/segment/chosen_rows.hpp"

namespace grapevine {

void ChosenRows::find(std::span<const LiveRun* const> runs, std::size_t first, std::size_t last,
                      const RowPick& pick) {
  first_ = first;
  rows_.assign(last - first, {});
  for (const LiveRun* run : runs) {
    const RowRange rows = rows_of_customers(**run, first, last);
    if (rows.begin != rows.end) look_at(*run, rows, pick);
  }
}

void ChosenRows::look_at(const LiveRun& live, RowRange rows, const RowPick& pick) {
  const Run& run = *live;
  const bool wants_last = pick.choice == RowChoice::Last;
  // Whether a row replaces one of another time or, at the same time, of another arrival.
  const auto is_better = [&](auto mine, auto other) {
    return wants_last ? mine > other : mine < other;
  };
  run.times.visit([&](const auto offsets) {
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      const auto time = static_cast<TimeMs>((run.times.base() + offsets[row]) ^ Run::kSignBit);
      if (time > pick.until || live.is_dead(row)) return;
      Row& best = rows_[index(customer) - first_];
      const bool replaces = best.run == nullptr || is_better(time, best.time) ||
                            (time == best.time &&
                             is_better(run.sequences.at(row), (*best.run)->sequences.at(best.row)));
      if (replaces) best = {&live, static_cast<std::uint32_t>(row), time};
    });
  });
}

void ChosenRows::keep(const LiveRun& live, RowRange rows, std::span<std::uint8_t> mask) const {
  live->customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
    const Row& best = rows_[index(customer) - first_];
    const bool is_chosen = best.run == &live && best.row == row;
    mask[row - rows.begin] &= static_cast<std::uint8_t>(is_chosen);
  });
}

}  // namespace grapevine
