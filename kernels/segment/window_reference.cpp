#include "kernels/segment/window_reference.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <type_traits>
#include <variant>

namespace grapevine {
namespace {

bool satisfies_rule(const Snapshot& snapshot, const Run& run, std::size_t row,
                    const ColumnRule& rule) {
  const RunColumn* column = run.column(rule.column);
  if (column == nullptr || !column->has(row)) return rule.negated;
  const ColumnInfo& info = snapshot.columns()[index(rule.column)];
  const bool accepted = std::visit(
      [&](const auto& kept) {
        using Kept = std::decay_t<decltype(kept)>;
        if constexpr (std::is_same_v<Kept, CodeValues>) {
          const auto code = static_cast<std::uint32_t>(kept.codes.at(row));
          return satisfies(rule.test, info.dictionary->at(code));
        } else if constexpr (std::is_same_v<Kept, TextValues>) {
          return satisfies(rule.test, TextReader(kept).at(row));
        } else if constexpr (std::is_same_v<Kept, RealValues>) {
          return kept.single ? satisfies(rule.test, static_cast<float>(kept.at(row)))
                             : satisfies(rule.test, kept.at(row));
        } else {
          return satisfies(rule.test, kept.at(row));
        }
      },
      column->values);
  return accepted != rule.negated;
}

}  // namespace

bool is_selected_reference(const Snapshot& snapshot, const Run& run, std::size_t row,
                           const EventSelection& selection) {
  if (std::find(selection.events.begin(), selection.events.end(), run.event) ==
      selection.events.end()) {
    return false;
  }
  const TimeMs time = run.time(row);
  if (time < selection.from || time >= selection.to) return false;
  if (selection.clock && !selection.clock->accepts(time)) return false;
  for (const ColumnRule& rule : selection.where) {
    if (!satisfies_rule(snapshot, run, row, rule)) return false;
  }
  for (const TargetRule& rule : selection.targets) {
    const CustomerId target = snapshot.target(run, row);
    const bool accepted = target != kNobody && rule.accepted.has(target);
    if (accepted == rule.negated) return false;
  }
  return true;
}

void for_each_row_reference(const Snapshot& snapshot,
                            const std::function<void(const Run&, std::size_t)>& body) {
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      for (std::size_t row = 0; row < run->size(); ++row) {
        if (!run.is_dead(row)) body(*run, row);
      }
    }
  }
}

std::vector<std::int64_t> count_events_reference(const Snapshot& snapshot,
                                                 const EventSelection& selection) {
  std::vector<std::int64_t> counts(snapshot.customers().count());
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    if (is_selected_reference(snapshot, run, row, selection)) ++counts[index(run.customers[row])];
  });
  return counts;
}

std::vector<double> sum_events_reference(const Snapshot& snapshot, const EventSelection& selection,
                                         ColumnId of) {
  std::vector<std::vector<double>> values(snapshot.customers().count());
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    const RunColumn* column = run.column(of);
    if (column == nullptr || !column->has(row)) return;
    if (!is_selected_reference(snapshot, run, row, selection)) return;
    std::vector<double>& mine = values[index(run.customers[row])];
    if (const auto* whole = std::get_if<Int64Values>(&column->values)) {
      const std::int64_t number = whole->at(row);
      mine.push_back(static_cast<double>(number >> 32) * 0x1p32);
      mine.push_back(static_cast<double>(number & 0xFFFF'FFFF));
    }
    if (const auto* real = std::get_if<RealValues>(&column->values)) {
      mine.push_back(real->at(row));
    }
  });
  std::vector<double> sums;
  for (const std::vector<double>& mine : values) sums.push_back(exact_sum_reference(mine));
  return sums;
}

SeenTimes seen_times_reference(const Snapshot& snapshot, TimeMs as_of) {
  const std::size_t customers = snapshot.customers().count();
  SeenTimes seen{std::vector<TimeMs>(customers, kNever), std::vector<TimeMs>(customers, kNever)};
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    const TimeMs time = run.time(row);
    if (time > as_of) return;
    TimeMs& first = seen.first[index(run.customers[row])];
    TimeMs& last = seen.last[index(run.customers[row])];
    if (first == kNever || time < first) first = time;
    if (last == kNever || time > last) last = time;
  });
  return seen;
}

double exact_sum_reference(std::span<const double> numbers) {
  std::vector<double> parts;  // Ascending in magnitude; their exact sum is that of the numbers.
  for (double number : numbers) {
    std::size_t kept = 0;
    for (double part : parts) {
      if (std::abs(number) < std::abs(part)) std::swap(number, part);
      const double high = number + part;
      const double low = part - (high - number);
      if (low != 0.0) parts[kept++] = low;
      number = high;
    }
    parts.resize(kept);
    parts.push_back(number);
  }
  if (parts.empty()) return 0.0;
  // Round once: what lies below the first rounding can only matter where that was a tie.
  double high = parts.back();
  double low = 0.0;
  std::size_t i = parts.size() - 1;
  while (i > 0 && low == 0.0) {
    const double before = high;
    const double part = parts[--i];
    high = before + part;
    low = part - (high - before);
  }
  const bool same_side =
      i > 0 && ((low < 0.0 && parts[i - 1] < 0.0) || (low > 0.0 && parts[i - 1] > 0.0));
  if (same_side) {
    const double twice = 2 * low;
    const double rounded = high + twice;
    if (twice == rounded - high) high = rounded;
  }
  return high + 0.0;
}

}  // namespace grapevine
