#include "kernels/segment/column_summary.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>
#include <variant>

#include <absl/container/flat_hash_set.h>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/real_blocks.hpp"

namespace grapevine {
namespace {

// Calls `body(slot)` for each value that a chunk has of somebody in `people`, whose words begin with
// the chunk.
template <typename Body>
void for_each_present(const AttributeChunk& chunk, std::span<const std::uint64_t> people,
                      const Body& body) {
  for (std::size_t w = 0; w < std::min(chunk.present.size(), people.size()); ++w) {
    for (std::uint64_t rest = chunk.present[w] & people[w]; rest != 0; rest &= rest - 1) {
      body(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
    }
  }
}

// Counts of codes become their number and the most frequent of them.
void note_counts(const std::vector<std::uint32_t>& counts, std::size_t top_max,
                 ColumnSummary& summary) {
  std::size_t distinct = 0;
  for (std::uint32_t code = 0; code < counts.size(); ++code) {
    if (counts[code] == 0) continue;
    ++distinct;
    const bool is_full = summary.top.size() == top_max;
    if (top_max == 0 || (is_full && counts[code] <= summary.top.back().second)) continue;
    if (is_full) summary.top.pop_back();
    const auto place = std::find_if(summary.top.begin(), summary.top.end(),
                                    [&](const auto& entry) { return entry.second < counts[code]; });
    summary.top.insert(place, {code, counts[code]});
  }
  summary.distinct = distinct;
}

template <typename Number>
void widen(ColumnSummary& summary, Number number) {
  const auto value = static_cast<double>(number);
  summary.least = std::min(summary.least.value_or(value), value);
  summary.most = std::max(summary.most.value_or(value), value);
}

ColumnSummary summarize(const AttributeColumn& column, const CustomerSet& people,
                        std::size_t top_max, const Stop& stop) {
  ColumnSummary summary;
  const std::size_t codes = column.dictionary != nullptr ? column.dictionary->size() : 2;
  std::vector<std::uint32_t> counts(codes);
  absl::flat_hash_set<std::uint64_t> numbers;
  for (std::size_t c = 0; c < column.chunks.size(); ++c) {
    const AttributeChunk* chunk = column.chunks[c].get();
    const std::size_t first_word = c * (AttributeChunk::kCustomers / 64);
    if (chunk == nullptr || stop.requested() || first_word >= people.words().size()) continue;
    std::visit(
        [&](const auto& values) {
          using Value = typename std::decay_t<decltype(values)>::value_type;
          for_each_present(*chunk, people.words().subspan(first_word), [&](std::size_t slot) {
            ++summary.present;
            const Value value = values[slot];
            if constexpr (std::is_same_v<Value, DateTime>) {
              widen(summary, value.ms);
              numbers.insert(static_cast<std::uint64_t>(value.ms));
            } else if constexpr (sizeof(Value) == 8) {
              widen(summary, value);
              numbers.insert(std::bit_cast<std::uint64_t>(value));
            } else if (value < counts.size()) {
              ++counts[value];
            }
          });
        },
        chunk->values);
  }
  if (is_number(column.type) || column.type == ValueType::DateTime) {
    summary.distinct = numbers.size();
  } else {
    note_counts(counts, top_max, summary);
  }
  return summary;
}

void note_codes(const LiveRun& run, const RunColumn& column, const PackedUints& codes,
                std::vector<std::uint64_t>& used) {
  codes.visit([&](const auto offsets) {
    for (std::size_t row = 0; row < run->size(); ++row) {
      if (!column.has(row) || run.is_dead(row)) continue;
      const std::uint64_t code = codes.base() + offsets[row];
      used[code / 64] |= std::uint64_t{1} << (code % 64);
    }
  });
}

std::size_t count_present(const LiveRun& run, const RunColumn& column) {
  if (column.present.empty()) return run.rows();
  std::size_t present = 0;
  for (std::size_t i = 0; i < column.present.size(); ++i) {
    const std::uint64_t dead = run.dead() != nullptr ? run.dead()->bits[i] : 0;
    present += static_cast<std::size_t>(std::popcount(column.present[i] & ~dead));
  }
  return present;
}

// Calls `body(value)` for each number that a living row has; of times for their milliseconds.
template <typename Body>
void for_each_number(const LiveRun& run, const RunColumn& column, const Body& body) {
  const auto is_meant = [&](std::size_t row) { return column.has(row) && !run.is_dead(row); };
  if (const auto* whole = std::get_if<Int64Values>(&column.values)) {
    for (std::size_t row = 0; row < run->size(); ++row) {
      if (is_meant(row)) body(whole->at(row));
    }
  }
  if (const auto* times = std::get_if<TimeValues>(&column.values)) {
    for (std::size_t row = 0; row < run->size(); ++row) {
      if (is_meant(row)) body(times->at(row).ms);
    }
  }
  if (const auto* real = std::get_if<RealValues>(&column.values)) {
    for_each_reals(*real, {0, run->size()}, [&](std::size_t begin, std::span<const double> values) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (is_meant(begin + i)) body(values[i]);
      }
    });
  }
}

ColumnSummary summarize(const Snapshot& snapshot, ColumnId id, const Stop& stop) {
  ColumnSummary summary;
  const ColumnInfo& info = snapshot.columns()[index(id)];
  std::vector<std::uint64_t> used;
  bool any_text = false;
  if (info.dictionary != nullptr) used.resize(info.dictionary->size() / 64 + 1);
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      const RunColumn* column = run->column(id);
      if (column == nullptr || stop.requested()) continue;
      summary.present += count_present(run, *column);
      if (const auto* kept = std::get_if<CodeValues>(&column->values)) {
        note_codes(run, *column, kept->codes, used);
      }
      any_text = any_text || std::holds_alternative<TextValues>(column->values);
      for_each_number(run, *column, [&](auto number) { widen(summary, number); });
    }
  }
  if (info.dictionary != nullptr && info.type == ValueType::String && !any_text) {
    std::size_t distinct = 0;
    for (const std::uint64_t word : used) distinct += static_cast<std::size_t>(std::popcount(word));
    summary.distinct = distinct;
  }
  return summary;
}

}  // namespace

absl::StatusOr<std::vector<ColumnSummary>> summarize_columns(
    std::span<const AttributeColumn* const> columns, const CustomerSet& people, std::size_t top_max,
    const Stop& stop) {
  std::vector<ColumnSummary> summaries(columns.size());
  for_each(summaries.size(),
           [&](std::size_t i) { summaries[i] = summarize(*columns[i], people, top_max, stop); });
  if (stop.requested()) return absl::CancelledError("stopped while summarizing attributes");
  return summaries;
}

absl::StatusOr<std::vector<ColumnSummary>> summarize_attributes(const CustomerTable& customers,
                                                                std::size_t top_max,
                                                                const Stop& stop) {
  std::vector<const AttributeColumn*> columns;
  for (const auto& column : customers.attributes()) columns.push_back(column.get());
  return summarize_columns(columns, people(customers), top_max, stop);
}

absl::StatusOr<std::vector<ColumnSummary>> summarize_event_columns(const Snapshot& snapshot,
                                                                   const Stop& stop) {
  std::vector<ColumnSummary> summaries(snapshot.columns().size());
  const auto parts = snapshot.parts();  // Sorts what came last, once, before tasks ask for it.
  if (parts.empty()) return summaries;
  for_each(summaries.size(), [&](std::size_t i) {
    summaries[i] = summarize(snapshot, ColumnId(static_cast<std::uint32_t>(i)), stop);
  });
  if (stop.requested()) return absl::CancelledError("stopped while summarizing events");
  return summaries;
}

namespace {

// Precondition: some row is not dead.
EventSpan living_span(const LiveRun& run) {
  if (run.dead() == nullptr) return {run->first, run->last};
  EventSpan span{INT64_MAX, INT64_MIN};
  for (std::size_t row = 0; row < run->size(); ++row) {
    if (run.is_dead(row)) continue;
    span.first = std::min(span.first, run->time(row));
    span.last = std::max(span.last, run->time(row));
  }
  return span;
}

}  // namespace

std::vector<std::optional<EventSpan>> event_spans(const Snapshot& snapshot) {
  std::vector<std::optional<EventSpan>> spans(snapshot.event_counts().size());
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      if (index(run->event) >= spans.size() || run.rows() == 0) continue;
      std::optional<EventSpan>& span = spans[index(run->event)];
      const EventSpan living = living_span(run);
      if (!span) span = living;
      span->first = std::min(span->first, living.first);
      span->last = std::max(span->last, living.last);
    }
  }
  return spans;
}

}  // namespace grapevine
