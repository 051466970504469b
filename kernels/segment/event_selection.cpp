#include "kernels/segment/event_selection.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <variant>

#include "kernels/listen/topic_rows.hpp"
#include "kernels/segment/bit_bytes.hpp"
#include "kernels/segment/offset_bound.hpp"
#include "kernels/segment/real_blocks.hpp"

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

// Keeps the rows at whose hours the clocks of the zone show one that is meant.
void keep_clock(const Run& run, RowRange rows, const ClockTest& clock, Mask mask) {
  const auto& stretches = clock.zone->stretches;
  const std::size_t stretch = clock.zone->stretch_of(run.first);
  const bool is_one_stretch = stretch == clock.zone->stretch_of(run.last);
  const TimeMs offset_ms = stretches[stretch].offset_ms;
  run.times.visit([&](const auto offsets) {
    for (std::size_t i = 0; i < mask.size(); ++i) {
      if (mask[i] == 0) continue;
      const auto time =
          static_cast<TimeMs>((run.times.base() + offsets[rows.begin + i]) ^ Run::kSignBit);
      mask[i] = static_cast<std::uint8_t>(is_one_stretch ? clock.accepts_local(time + offset_ms)
                                                         : clock.accepts(time));
    }
  });
}

// The largest number that a packed column may hold, by the bytes that it takes.
std::uint64_t most_of(const PackedUints& numbers) {
  const unsigned bits = numbers.width() * 8;
  const std::uint64_t span = bits >= 64 ? UINT64_MAX : (std::uint64_t{1} << bits) - 1;
  return numbers.base() > UINT64_MAX - span ? UINT64_MAX : numbers.base() + span;
}

// Whether some value of a run's column may satisfy the rule, by the range of its values.
bool may_satisfy(const Run& run, const ColumnRule& rule, const CodeSet& codes) {
  if (rule.negated) return true;
  const RunColumn* column = run.column(rule.column);
  if (column == nullptr) return false;
  if (rule.test.any) return true;
  if (const auto* kept = std::get_if<CodeValues>(&column->values)) {
    if (codes.count != codes.few.size()) return true;
    return std::any_of(codes.few.begin(), codes.few.end(), [&](std::uint64_t code) {
      return code >= kept->codes.base() && code <= most_of(kept->codes);
    });
  }
  if (rule.test.as_text) return true;
  const auto* whole = std::get_if<Int64Values>(&column->values);
  const auto* times = std::get_if<TimeValues>(&column->values);
  if (whole != nullptr || times != nullptr) {
    const PackedUints& numbers = whole != nullptr ? whole->numbers : times->times;
    const std::int64_t least = Int64Values::number(numbers.base());
    const std::int64_t most = Int64Values::number(most_of(numbers));
    return std::any_of(rule.test.whole.begin(), rule.test.whole.end(), [&](const auto& range) {
      return range.least <= most && range.most >= least;
    });
  }
  return true;
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

// The same for one range, without branches. `value_of(row)` is what stands there.
template <typename Number, typename ValueOf>
void keep_range(const RunColumn& column, const ValueOf& value_of, RowRange rows,
                Range<Number> range, bool negated, Mask mask) {
  const auto flip = static_cast<std::uint8_t>(negated);
  const auto is_inside = [&](std::size_t row) -> std::uint8_t {
    const Number value = value_of(row);
    return (range.least <= value) & (value <= range.most);
  };
  // Pointers that no byte written can change.
  std::uint8_t* const to = mask.data();
  const std::uint64_t* const present = column.present.data();
  const std::size_t count = mask.size();
  if (column.present.empty()) {
    for (std::size_t i = 0; i < count; ++i) {
      to[i] &= static_cast<std::uint8_t>(is_inside(rows.begin + i) ^ flip);
    }
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = rows.begin + i;
    const auto has = static_cast<std::uint8_t>(present[row / 64] >> (row % 64) & 1);
    to[i] &= static_cast<std::uint8_t>((is_inside(row) & has) ^ flip);
  }
}

// One range is compared without branches.
template <typename Number>
bool is_one_range(const ValueTest& test, const std::vector<Range<Number>>& ranges) {
  return ranges.size() == 1 && !test.as_text && !test.any;
}

// `Value`: what the numbers are, an integer or a time.
template <typename Value>
void keep_integers(const RunColumn& column, const PackedUints& numbers, const ColumnRule& rule,
                   RowRange rows, Mask mask) {
  numbers.visit([&](const auto offsets) {
    const auto value_of = [&](std::size_t row) {
      return Int64Values::number(numbers.base() + offsets[row]);
    };
    if (is_one_range(rule.test, rule.test.whole)) {
      return keep_range(column, value_of, rows, rule.test.whole.front(), rule.negated, mask);
    }
    keep_accepted(
        column, rows, rule.negated,
        [&](std::size_t row) { return satisfies(rule.test, Value{value_of(row)}); }, mask);
  });
}

// Keeps the rows whose offset lies in [least, end): as they are stored, without a branch.
// Precondition: offsets of up to 4 bytes.
void keep_offsets(const RunColumn& column, const PackedUints& numbers, std::uint64_t least,
                  std::uint64_t end, RowRange rows, bool negated, Mask mask) {
  constexpr std::size_t kTogether = 512;
  std::array<std::uint8_t, kTogether> present;
  present.fill(1);
  const auto flip = static_cast<std::uint8_t>(negated);
  const auto first = static_cast<std::uint32_t>(least);
  const auto span = static_cast<std::uint32_t>(end - least - 1);  // To the last one.
  for (std::size_t begin = 0; begin < mask.size(); begin += kTogether) {
    const Mask some = mask.subspan(begin, std::min(kTogether, mask.size() - begin));
    if (!column.present.empty()) {
      bytes_of_bits(column.present, rows.begin + begin, std::span(present).first(some.size()));
    }
    numbers.visit([&](const auto offsets) {
      std::uint8_t* const to = some.data();
      const std::uint8_t* const has = present.data();
      for (std::size_t i = 0; i < some.size(); ++i) {
        const auto offset = static_cast<std::uint32_t>(offsets[rows.begin + begin + i]);
        const auto is_inside = static_cast<std::uint8_t>(offset - first <= span);
        to[i] &= static_cast<std::uint8_t>((is_inside & has[i]) ^ flip);
      }
    });
  }
}

// Floats are compared as floats are: their ranges are those of floats, which doubles hold exactly.
void keep_reals(const RunColumn& column, const RealValues& reals, const ColumnRule& rule,
                RowRange rows, Mask mask) {
  const ValueTest& test = rule.test;
  const bool one_range =
      reals.single ? is_one_range(test, test.real32) : is_one_range(test, test.real);
  Range<double> range{};
  if (one_range) {
    range = reals.single ? Range<double>{test.real32.front().least, test.real32.front().most}
                         : test.real.front();
  }
  const unsigned width = reals.numbers.width();
  const bool ascends =
      reals.form == RealValues::Form::Decimal && most_of(reals.numbers) < UINT64_MAX;
  if (one_range && ascends && width <= 4) {
    const std::uint64_t least =
        first_offset(width, [&](std::uint64_t i) { return reals.of_offset(i) >= range.least; });
    const std::uint64_t end =
        first_offset(width, [&](std::uint64_t i) { return reals.of_offset(i) > range.most; });
    if (least < end) {
      return keep_offsets(column, reals.numbers, least, end, rows, rule.negated, mask);
    }
  }
  for_each_reals(reals, rows, [&](std::size_t begin, std::span<const double> values) {
    const RowRange block{begin, begin + values.size()};
    const Mask of_block = mask.subspan(begin - rows.begin, values.size());
    const auto value_of = [&](std::size_t row) { return values[row - begin]; };
    if (one_range) {
      return keep_range(column, value_of, block, range, rule.negated, of_block);
    }
    keep_accepted(
        column, block, rule.negated,
        [&](std::size_t row) {
          return reals.single ? satisfies(test, static_cast<float>(value_of(row)))
                              : satisfies(test, value_of(row));
        },
        of_block);
  });
}

// Keeps the rows that have a value, or those that have none.
void keep_present(const RunColumn& column, RowRange rows, bool negated, Mask mask) {
  if (column.present.empty()) {
    if (negated) std::fill(mask.begin(), mask.end(), 0);
    return;
  }
  constexpr std::size_t kTogether = 512;
  std::array<std::uint8_t, kTogether> present;
  const auto flip = static_cast<std::uint8_t>(negated);
  for (std::size_t begin = 0; begin < mask.size(); begin += kTogether) {
    const Mask some = mask.subspan(begin, std::min(kTogether, mask.size() - begin));
    bytes_of_bits(column.present, rows.begin + begin, std::span(present).first(some.size()));
    for (std::size_t i = 0; i < some.size(); ++i)
      some[i] &= static_cast<std::uint8_t>(present[i] ^ flip);
  }
}

void keep_codes(const RunColumn& column, const PackedUints& codes, const CodeSet& set,
                const ColumnRule& rule, RowRange rows, Mask mask) {
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
  if (rule.test.any) return keep_present(*column, rows, rule.negated, mask);
  std::visit(
      [&](const auto& kept) {
        using Kept = std::decay_t<decltype(kept)>;
        const ValueTest& test = rule.test;
        if constexpr (std::is_same_v<Kept, CodeValues>) {
          keep_codes(*column, kept.codes, codes, rule, rows, mask);
        } else if constexpr (std::is_same_v<Kept, Int64Values>) {
          keep_integers<std::int64_t>(*column, kept.numbers, rule, rows, mask);
        } else if constexpr (std::is_same_v<Kept, TimeValues>) {
          keep_integers<DateTime>(*column, kept.times, rule, rows, mask);
        } else if constexpr (std::is_same_v<Kept, RealValues>) {
          keep_reals(*column, kept, rule, rows, mask);
        } else if constexpr (std::is_same_v<Kept, BoolValues>) {
          keep_accepted(
              *column, rows, rule.negated,
              [&](std::size_t row) { return satisfies(test, kept.at(row)); }, mask);
        } else {
          TextReader texts(kept);
          keep_accepted(
              *column, rows, rule.negated,
              [&](std::size_t row) { return satisfies(test, texts.at(row)); }, mask);
        }
      },
      column->values);
}

void keep_living(const DeadRows& dead, RowRange rows, Mask mask) {
  for (std::size_t i = 0; i < mask.size(); ++i) {
    mask[i] &= static_cast<std::uint8_t>(!dead.has(rows.begin + i));
  }
}

void keep_topic(const Run& run, RowRange rows, const TopicRows& topic, Mask mask) {
  const RowList* about = topic.of(run);
  if (about != nullptr) return about->keep(rows, mask);
  std::fill(mask.begin(), mask.end(), 0);
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

bool RowFilter::may_have(const Run& run) const {
  if (run.last < selection_->from || run.first >= selection_->to) return false;
  for (std::size_t i = 0; i < selection_->where.size(); ++i) {
    if (!may_satisfy(run, selection_->where[i], codes_[i])) return false;
  }
  return std::all_of(selection_->about.begin(), selection_->about.end(),
                     [&](const auto& topic) { return topic->of(run) != nullptr; });
}

std::span<const std::uint8_t> RowFilter::meant(const LiveRun& live, RowRange rows,
                                               std::vector<std::uint8_t>& scratch) const {
  const Run& run = *live;
  const EventSelection& wanted = *selection_;
  const bool whole_run_in_window = run.first >= wanted.from && run.last < wanted.to;
  const bool all_rows =
      !reads_times(run) && wanted.where.empty() && wanted.targets.empty() && wanted.about.empty();
  if (all_rows && live.dead() == nullptr) return {};
  scratch.assign(rows.end - rows.begin, 1);
  const Mask mask(scratch);
  if (live.dead() != nullptr) keep_living(*live.dead(), rows, mask);
  for (const auto& topic : wanted.about) keep_topic(run, rows, *topic, mask);
  if (!whole_run_in_window) keep_window(run, rows, wanted.from, wanted.to, mask);
  for (std::size_t i = 0; i < wanted.where.size(); ++i) {
    keep_rule(run, rows, wanted.where[i], codes_[i], mask);
  }
  for (const TargetRule& rule : wanted.targets) keep_targets(*snapshot_, run, rows, rule, mask);
  if (wanted.clock) keep_clock(run, rows, *wanted.clock, mask);
  return mask;
}

}  // namespace grapevine
