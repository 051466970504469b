#include "api/live/verdict_index.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"
#include "storage/text_values.hpp"

namespace grapevine {
namespace {

constexpr ColumnId kText = column_id(CoreColumn::Text);
constexpr std::size_t kRowsTogether = 8192;

const TextValues* texts_of(const Run& run) {
  const RunColumn* column = run.column(kText);
  return column == nullptr ? nullptr : std::get_if<TextValues>(&column->values);
}

}  // namespace

absl::StatusOr<VerdictsOfRuns> VerdictIndex::of(const Snapshot& snapshot, TimeMs from, TimeMs to,
                                                const Stop& stop) {
  struct Piece {
    std::size_t missing, begin, end;
  };
  const auto parts = snapshot.parts();
  const std::lock_guard lock(mutex_);
  asked_from_ = std::min(asked_from_.value_or(from), from);
  absl::erase_if(runs_, [](const auto& entry) { return entry.second.run.expired(); });
  VerdictsOfRuns found;
  std::vector<std::shared_ptr<const Run>> missing;
  std::vector<Kept> made;
  std::vector<Piece> pieces;
  for (const auto& part : parts) {
    if (part->first >= to || part->last < from) continue;
    for (const LiveRun& live : part->runs) {
      if (live->first >= to || live->last < from || texts_of(*live) == nullptr) continue;
      const auto kept = runs_.find(&*live);
      if (kept != runs_.end()) {
        found.emplace(&*live, kept->second.rows);
        continue;
      }
      for (std::size_t begin = 0; begin < live->size(); begin += kRowsTogether) {
        pieces.push_back({missing.size(), begin, std::min(begin + kRowsTogether, live->size())});
      }
      missing.push_back(live.shared());
      made.emplace_back(live->size(), TextVerdict::of_no_text());
    }
  }
  for_each(pieces.size(), [&](std::size_t i) {
    const auto& [run, begin, end] = pieces[i];
    if (!stop.requested()) judge(*missing[run], begin, end, made[run]);
  });
  if (stop.requested()) return absl::CancelledError("stopped while judging texts");
  for (std::size_t i = 0; i < missing.size(); ++i) {
    const Run* run = missing[i].get();
    note_sequences(*run, made[i]);
    auto rows = std::make_shared<const Kept>(std::move(made[i]));
    found.emplace(run, rows);
    runs_.insert_or_assign(run, RunVerdicts{missing[i], std::move(rows)});
  }
  forget_oldest();
  return found;
}

absl::Status VerdictIndex::follow(const Snapshot& snapshot, const Stop& stop) {
  std::optional<TimeMs> from;
  {
    const std::lock_guard lock(mutex_);
    from = asked_from_;
  }
  if (!from) return absl::OkStatus();
  return of(snapshot, *from, std::numeric_limits<TimeMs>::max(), stop).status();
}

// What a sequence tells is not read again.
void VerdictIndex::judge(const Run& run, std::size_t begin, std::size_t end, Kept& rows) {
  const RunColumn& column = *run.column(kText);
  TextReader reader(*texts_of(run));
  std::vector<FoundSign> scratch;
  std::uint64_t read = 0;
  for (std::size_t row = begin; row < end; ++row) {
    if (!column.has(row)) continue;
    const std::uint64_t sequence = run.sequences.at(row);
    const auto chunk = chunks_.find(sequence / kChunk);
    if (chunk != chunks_.end()) {
      const TextVerdict known = (*chunk->second)[sequence % kChunk];
      if (known.is_known()) {
        rows[row] = known;
        continue;
      }
    }
    ++read;
    rows[row] = TextVerdict(reader.at(row), scratch);
  }
  texts_read_ += read;
}

void VerdictIndex::note_sequences(const Run& run, const Kept& rows) {
  const RunColumn& column = *run.column(kText);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!column.has(row)) continue;
    const std::uint64_t sequence = run.sequences.at(row);
    std::unique_ptr<Chunk>& chunk = chunks_[sequence / kChunk];
    if (chunk == nullptr) chunk = std::make_unique<Chunk>();
    (*chunk)[sequence % kChunk] = rows[row];
  }
}

void VerdictIndex::forget_oldest() {
  while (chunks_.size() * kChunk > sequences_max_) {
    std::uint64_t oldest = std::numeric_limits<std::uint64_t>::max();
    for (const auto& [number, chunk] : chunks_) oldest = std::min(oldest, number);
    chunks_.erase(oldest);
  }
}

}  // namespace grapevine
