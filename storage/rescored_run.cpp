#include "storage/rescored_run.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "storage/run_columns.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr ColumnId kSentiment = column_id(CoreColumn::Sentiment);

// A column as it is filled anew: the bits of each row's value, and whether it has one.
struct Cells {
  std::vector<std::uint64_t> bits;
  std::vector<std::uint8_t> present;

  explicit Cells(std::size_t rows) : bits(rows), present(rows) {}
  void put(std::size_t row, std::uint64_t value) {
    bits[row] = value;
    present[row] = 1;
  }
};

Cells sentiments_of(const Run& run) {
  Cells cells(run.size());
  const RunColumn* const column = run.column(kSentiment);
  if (column == nullptr) return cells;
  const auto& values = std::get<RealValues>(column->values);
  for (std::size_t row = 0; row < run.size(); ++row) {
    if (column->has(row)) cells.put(row, std::bit_cast<std::uint64_t>(values.at(row)));
  }
  return cells;
}

Cells models_of(const Run& run, ColumnId id) {
  Cells cells(run.size());
  const RunColumn* const column = run.column(id);
  if (column == nullptr) return cells;
  const auto& values = std::get<CodeValues>(column->values);
  for (std::size_t row = 0; row < run.size(); ++row) {
    if (column->has(row)) cells.put(row, values.codes.at(row));
  }
  return cells;
}

// In the place of the column of that id. One without a value is left out.
void put_column(Run& run, RunColumn column, const Cells& cells) {
  const auto at =
      std::lower_bound(run.columns.begin(), run.columns.end(), column.id,
                       [](const RunColumn& other, ColumnId id) { return other.id < id; });
  const bool is_there = at != run.columns.end() && at->id == column.id;
  const bool is_empty =
      std::find(cells.present.begin(), cells.present.end(), 1) == cells.present.end();
  if (is_there && is_empty) {
    run.columns.erase(at);
  } else if (is_there) {
    *at = std::move(column);
  } else if (!is_empty) {
    run.columns.insert(at, std::move(column));
  }
}

// What a column of floats makes of a score.
std::uint64_t bits_of(std::int16_t score) {
  const auto value = static_cast<float>(score / static_cast<double>(Rescoring::kScoreMax));
  return std::bit_cast<std::uint64_t>(static_cast<double>(value));
}

// Whether the row's mood is another one by then.
bool put_score(Cells& sentiments, std::size_t row, std::optional<std::int16_t> score) {
  const bool had = sentiments.present[row] != 0;
  if (!score) {
    sentiments.present[row] = 0;
    return had;
  }
  const std::uint64_t bits = bits_of(*score);
  const bool same = had && sentiments.bits[row] == bits;
  sentiments.put(row, bits);
  return !same;
}

}  // namespace

ScoresBySequence::ScoresBySequence(std::span<const Rescoring::Text> texts) : texts_(texts) {
  const std::uint64_t first = texts.front().sequence;
  const std::size_t words = (texts.back().sequence - first) / 64 + 1;
  bits_.resize(words);
  before_.resize(words);
  for (const Rescoring::Text& text : texts) {
    const std::uint64_t offset = text.sequence - first;
    bits_[offset / 64] |= std::uint64_t{1} << (offset % 64);
  }
  std::uint32_t before = 0;
  for (std::size_t word = 0; word < words; ++word) {
    before_[word] = before;
    before += static_cast<std::uint32_t>(std::popcount(bits_[word]));
  }
}

const Rescoring::Text* ScoresBySequence::find(std::uint64_t sequence) const {
  const std::uint64_t offset = sequence - texts_.front().sequence;  // Before the first one: huge.
  if (offset / 64 >= bits_.size()) return nullptr;
  const std::uint64_t word = bits_[offset / 64];
  const std::uint64_t bit = std::uint64_t{1} << (offset % 64);
  if ((word & bit) == 0) return nullptr;
  return &texts_[before_[offset / 64] + static_cast<std::size_t>(std::popcount(word & (bit - 1)))];
}

std::optional<RescoredRun> rescored_run(const LiveRun& run, const ScoresBySequence& scores,
                                        const KnownModel& model) {
  if (run->sequences.base() > scores.last()) return std::nullopt;
  std::vector<std::pair<std::uint32_t, const Rescoring::Text*>> given;
  for (const std::uint32_t row : texts_to_score(run, model)) {
    const Rescoring::Text* const text = scores.find(run->sequences.at(row));
    if (text != nullptr) given.emplace_back(row, text);
  }
  if (given.empty()) return std::nullopt;

  Cells sentiments = sentiments_of(*run);
  Cells models = models_of(*run, *model.column);
  RescoredRun result;
  for (const auto& [row, text] : given) {
    if (put_score(sentiments, row, text->score)) result.changed.push_back(row);
    models.put(row, *model.code);
  }
  auto scored = std::make_shared<Run>(*run);
  put_column(*scored,
             make_column(kSentiment, ValueType::Float64, sentiments.bits, sentiments.present),
             sentiments);
  put_column(*scored, make_column(*model.column, ValueType::String, models.bits, models.present),
             models);
  result.run = std::move(scored);
  return result;
}

}  // namespace grapevine
