#include "kernels/cohort/active_periods.hpp"

#include <algorithm>
#include <bit>

#include "kernels/segment/meant_rows.hpp"
#include "kernels/segment/scan_lanes.hpp"

namespace grapevine {
RunsByPeriod::RunsByPeriod(std::span<const LiveRun* const> runs, const TimeBuckets& periods) {
  const BucketFinder finder(periods);
  const auto slot_of = [&](TimeMs time) {
    if (time < periods.from) return std::size_t{0};
    if (time >= periods.to()) return periods.count + 1;
    return finder.of(static_cast<std::uint64_t>(time - periods.from)) + 1;
  };
  for (const LiveRun* live : runs) {
    const Placed placed{live, slot_of((*live)->first), slot_of((*live)->last)};
    if (placed.last == 0 || placed.begin > periods.count) continue;
    (placed.last - placed.begin <= 1 ? narrow_ : wide_).push_back(placed);
  }
  std::stable_sort(narrow_.begin(), narrow_.end(),
                   [](const Placed& a, const Placed& b) { return a.begin < b.begin; });
}

ActivePeriods::ActivePeriods(const TimeBuckets& periods)
    : periods_(periods),
      finder_(periods),
      bytes_(2 * kCustomersPerBlock),
      bits_((periods.count + 2) * kWords),
      seen_(kWords),
      fresh_(kWords) {}

void ActivePeriods::read(const RunsByPeriod& runs, const RowFilter& filter, std::size_t block) {
  std::fill(bits_.begin(), bits_.end(), 0);
  std::size_t slot = 0;  // It and the next one are in bytes now.
  const auto advance_to = [&](std::size_t next) {
    for (const std::size_t end = std::min(slot + 2, next); slot < end; ++slot) pack(slot);
    slot = next;
  };
  for (const RunsByPeriod::Placed& run : runs.narrow()) {
    const RowRange rows = rows_of_block(**run.live, block);
    if (rows.begin == rows.end) continue;
    if (run.begin != slot) advance_to(run.begin);
    note_narrow(run, rows, filter.meant(*run.live, rows, mask_));
  }
  advance_to(periods_.count + 2);
  for (const RunsByPeriod::Placed& run : runs.wide()) {
    const RowRange rows = rows_of_block(**run.live, block);
    if (rows.begin == rows.end) continue;
    note_wide(**run.live, rows, filter.meant(*run.live, rows, mask_));
  }
}

// Nobody could guess whether a row is before or after the limit, so that it chooses no branch but
// which half of the bytes is written to.
void ActivePeriods::note_narrow(const RunsByPeriod::Placed& placed, RowRange rows,
                                std::span<const std::uint8_t> mask) {
  const Run& run = **placed.live;
  const std::uint16_t* lows = run.customers.lows().data();
  std::uint8_t* const bytes = bytes_.data();
  const std::size_t half = placed.begin % 2 * kCustomersPerBlock;
  const auto note = [&](const auto& flip_of) {
    if (!mask.empty()) {
      for (std::size_t row = rows.begin; row < rows.end; ++row) {
        bytes[(half | lows[row]) ^ flip_of(row)] |= mask[row - rows.begin];
      }
      return;
    }
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      bytes[(half | lows[row]) ^ flip_of(row)] = 1;
    }
  };
  if (placed.begin == placed.last) return note([](std::size_t) { return std::size_t{0}; });
  const TimeMs starts = periods_.from + periods_.width_ms * (static_cast<TimeMs>(placed.last) - 1);
  const std::uint64_t limit =
      (static_cast<std::uint64_t>(starts) ^ Run::kSignBit) - run.times.base();
  run.times.visit([&](const auto offsets) {
    using Offset = typename decltype(offsets)::Offset;
    const auto later = static_cast<Offset>(limit);  // No more than the run's last offset.
    note([&](std::size_t row) {
      return static_cast<std::size_t>(offsets[row] >= later) * kCustomersPerBlock;
    });
  });
}

void ActivePeriods::note_wide(const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
  const std::uint64_t before =  // Wraps where the run begins later.
      (static_cast<std::uint64_t>(periods_.from) ^ Run::kSignBit) - run.times.base();
  run.times.visit([&](const auto offsets) {
    for_each_meant(run, rows, mask, [&](std::size_t row, CustomerId customer) {
      const std::uint64_t elapsed = offsets[row] - before;
      if (elapsed >= finder_.span()) return;
      const std::size_t i = index(customer) % kCustomersPerBlock;
      bits_of(finder_.of(elapsed) + 1)[i / 64] |= std::uint64_t{1} << (i % 64);
    });
  });
}

void ActivePeriods::pack(std::size_t slot) {
  const auto bytes = bytes_of(slot);
  accept_equal(std::span<const std::uint8_t>(bytes), 1, bits_of(slot));
  std::fill(bytes.begin(), bytes.end(), 0);
}

void ActivePeriods::add_to(std::span<std::uint64_t> people) {
  const std::size_t count = periods_.count;
  std::fill(seen_.begin(), seen_.end(), 0);
  for (std::size_t cohort = 0; cohort < count; ++cohort) {
    const auto first = bits_of(cohort + 1);
    for (std::size_t w = 0; w < kWords; ++w) {
      fresh_[w] = first[w] & ~seen_[w];
      seen_[w] |= first[w];
    }
    for (std::size_t later = 0; cohort + later < count; ++later) {
      const auto active = bits_of(cohort + later + 1);
      std::uint64_t both = 0;
      for (std::size_t w = 0; w < kWords; ++w) {
        both += static_cast<std::uint64_t>(std::popcount(fresh_[w] & active[w]));
      }
      people[cohort * count + later] += both;
    }
  }
}

}  // namespace grapevine
