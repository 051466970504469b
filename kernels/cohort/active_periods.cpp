#include "kernels/cohort/active_periods.hpp"

#include <algorithm>
#include <array>

#include "kernels/segment/common_bits.hpp"
#include "kernels/segment/meant_rows.hpp"
#include "kernels/segment/scan_lanes.hpp"

namespace grapevine {

SourcesByPeriod::SourcesByPeriod(const ActiveSources& sources, const TimeBuckets& periods) {
  const BucketFinder finder(periods);
  const auto slot_of = [&](TimeMs time) {
    if (time < periods.from) return std::size_t{0};
    if (time >= periods.to()) return periods.count + 1;
    return finder.of(static_cast<std::uint64_t>(time - periods.from)) + 1;
  };
  const auto place = [&](const Placed& placed) {
    if (placed.last == 0 || placed.begin > periods.count) return;
    (placed.last - placed.begin <= 1 ? narrow_ : wide_).push_back(placed);
  };
  for (const LiveRun* live : sources.runs) {
    place({live, nullptr, slot_of((*live)->first), slot_of((*live)->last)});
  }
  for (std::size_t i = 0; i < sources.marks.size(); ++i) {
    const Part& part = *sources.marked[i];
    place({nullptr, &sources.marks[i], slot_of(part.first), slot_of(part.last)});
  }
  std::stable_sort(narrow_.begin(), narrow_.end(),
                   [](const Placed& a, const Placed& b) { return a.begin < b.begin; });
}

ActivePeriods::ActivePeriods(const TimeBuckets& periods)
    : periods_(periods),
      finder_(periods),
      bytes_(3 * kCustomersPerBlock),
      bits_((periods.count + 2) * kWords),
      seen_(kWords),
      fresh_(kWords) {}

void ActivePeriods::read(const SourcesByPeriod& sources, const RowFilter& filter,
                         std::size_t block) {
  std::fill(bits_.begin(), bits_.end(), 0);
  std::size_t slot = 0;  // It and the next one are in bytes now.
  const auto advance_to = [&](std::size_t next) {
    for (const std::size_t end = std::min(slot + 2, next); slot < end; ++slot) pack(slot);
    slot = next;
  };
  for (const SourcesByPeriod::Placed& source : sources.narrow()) {
    if (source.begin != slot) advance_to(source.begin);
    if (source.live == nullptr) {
      note_narrow(source, block);
      continue;
    }
    const RowRange rows = rows_of_block(**source.live, block);
    if (rows.begin == rows.end) continue;
    note_narrow(source, rows, filter.meant(*source.live, rows, mask_));
  }
  advance_to(periods_.count + 2);
  for (const SourcesByPeriod::Placed& source : sources.wide()) {
    if (source.live == nullptr) {
      note_wide(*source.marks, block);
      continue;
    }
    const RowRange rows = rows_of_block(**source.live, block);
    if (rows.begin == rows.end) continue;
    note_wide(**source.live, rows, filter.meant(*source.live, rows, mask_));
  }
}

// Nobody could guess whether a row is before or after the limit, so that it chooses no branch but
// which half of the bytes is written to.
void ActivePeriods::note_narrow(const SourcesByPeriod::Placed& placed, RowRange rows,
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

// As above; a quarter hour that is in no period goes to bytes that nobody reads.
void ActivePeriods::note_narrow(const SourcesByPeriod::Placed& placed, std::size_t block) {
  std::uint8_t* const bytes = bytes_.data();
  if (placed.marks->are_inside()) {
    const std::size_t half = placed.begin % 2 * kCustomersPerBlock;
    const TimeMs starts = periods_.from + periods_.width_ms * static_cast<TimeMs>(placed.last - 1);
    const std::uint32_t later =
        placed.begin == placed.last ? UINT32_MAX : placed.marks->quarter_hour_of(starts);
    for (const std::uint32_t mark : placed.marks->of_block(block)) {
      const auto flip = static_cast<std::size_t>((mark & 0xFFFF) >= later) * kCustomersPerBlock;
      bytes[(half | mark >> 16) ^ flip] = 1;
    }
    return;
  }
  std::array<std::uint32_t, ActiveMarks::kNoBucket + 1> begins;  // By period.
  begins.fill(2 * kCustomersPerBlock);
  for (std::size_t slot = std::max<std::size_t>(placed.begin, 1);
       slot <= std::min(placed.last, periods_.count); ++slot) {
    begins[slot - 1] = static_cast<std::uint32_t>(slot % 2 * kCustomersPerBlock);
  }
  placed.marks->for_each(block, [&](std::uint32_t low, std::uint32_t period, std::size_t is_meant) {
    bytes[begins[period] | low] |= static_cast<std::uint8_t>(is_meant);
  });
}

void ActivePeriods::note_wide(const ActiveMarks& marks, std::size_t block) {
  marks.for_each(block, [&](std::uint32_t low, std::uint32_t period, std::size_t is_meant) {
    if (period == ActiveMarks::kNoBucket) return;
    bits_of(period + 1)[low / 64] |= std::uint64_t{is_meant} << (low % 64);
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
      people[cohort * count + later] += count_common_bits(fresh_, active);
    }
  }
}

}  // namespace grapevine
