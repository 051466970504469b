#include "kernels/listen/listen_reference.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <variant>

#include "kernels/segment/window_reference.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

std::optional<std::uint32_t> code_at(const Run& run, ColumnId column, std::size_t row) {
  const RunColumn* values = run.column(column);
  if (values == nullptr || !values->has(row)) return std::nullopt;
  return static_cast<std::uint32_t>(std::get<CodeValues>(values->values).codes.at(row));
}

// Calls `body(run, row, bucket)` for the selected rows inside the buckets.
template <typename Body>
void for_each_in_buckets(const Snapshot& snapshot, const EventSelection& selection,
                         const TimeBuckets& buckets, const Body& body) {
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    const TimeMs time = run.time(row);
    if (time < buckets.from || time >= buckets.to()) return;
    if (!is_selected_reference(snapshot, run, row, selection)) return;
    body(run, row, static_cast<std::size_t>((time - buckets.from) / buckets.width_ms));
  });
}

}  // namespace

Mentions count_mentions_reference(const Snapshot& snapshot, const EventSelection& mentions,
                                  ColumnId by, const TimeBuckets& buckets) {
  Mentions result;
  result.codes = snapshot.columns()[index(by)].dictionary->size();
  result.buckets = buckets.count;
  result.cells.resize(result.codes * result.buckets);
  for_each_in_buckets(snapshot, mentions, buckets,
                      [&](const Run& run, std::size_t row, std::size_t bucket) {
                        const auto code = code_at(run, by, row);
                        if (!code) return;
                        MentionCounts& cell = result.cells[*code * buckets.count + bucket];
                        ++cell.mentions;
                        const RunColumn* column = run.column(column_id(CoreColumn::Sentiment));
                        if (column == nullptr || !column->has(row)) return;
                        const double score = std::get<RealValues>(column->values).at(row);
                        ++cell.scored;
                        if (score > static_cast<double>(0.05F)) ++cell.positive;
                        if (score < -static_cast<double>(0.05F)) ++cell.negative;
                        const double capped = std::min(1.0, std::max(-1.0, score));
                        cell.sentiment_sum += std::llrint(std::ldexp(capped, 32));
                      });
  return result;
}

std::vector<Burst> find_bursts_reference(const Snapshot& snapshot, const BurstQuestion& question) {
  using Series = std::pair<std::uint32_t, std::uint32_t>;
  std::map<Series, std::map<std::size_t, std::uint64_t>> counts;
  for_each_in_buckets(snapshot, question.events, question.buckets,
                      [&](const Run& run, std::size_t row, std::size_t bucket) {
                        const auto subject = code_at(run, question.subject, row);
                        const auto place = code_at(run, question.place, row);
                        if (subject && place) ++counts[{*subject, *place}][bucket];
                      });
  std::vector<Burst> bursts;
  for (auto& [series, of_bucket] : counts) {
    for (const auto& [bucket, count] : of_bucket) {
      if (bucket < question.history) continue;
      std::uint64_t before = 0;
      for (std::size_t b = bucket - question.history; b < bucket; ++b) {
        const auto there = of_bucket.find(b);
        if (there != of_bucket.end()) before += there->second;
      }
      const double usual = static_cast<double>(before) / static_cast<double>(question.history);
      const double score =
          2.0 * (std::sqrt(static_cast<double>(count) + 0.375) - std::sqrt(usual + 0.375));
      bursts.push_back({series.first, series.second, bucket, count, usual, score});
    }
  }
  const auto text = [&](ColumnId column, std::uint32_t code) {
    return snapshot.columns()[index(column)].dictionary->at(code);
  };
  std::sort(bursts.begin(), bursts.end(), [&](const Burst& a, const Burst& b) {
    return std::tuple(-a.score, text(question.subject, a.subject), text(question.place, a.place),
                      a.bucket) < std::tuple(-b.score, text(question.subject, b.subject),
                                             text(question.place, b.place), b.bucket);
  });
  bursts.resize(std::min(question.most, bursts.size()));
  return bursts;
}

}  // namespace grapevine
