#include "storage/texts_to_score.hpp"

#include <bit>

#include "storage/derived_columns.hpp"
#include "storage/dictionary.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kTogether = 64;

// Which of 64 rows have a value: a bit each. Bits behind the last row mean nothing.
std::uint64_t present(const RunColumn* column, std::size_t word) {
  if (column == nullptr) return 0;
  return column->present.empty() ? ~std::uint64_t{0} : column->present[word];
}

// Calls `body(row)` for the rows that are meant, ascending, until it says false.
template <typename Body>
void for_each_text(const LiveRun& run, const KnownModel& model, const Body& body) {
  const RunColumn* const text = run->column(column_id(CoreColumn::Text));
  if (text == nullptr) return;
  const RunColumn* const sentiment = run->column(column_id(CoreColumn::Sentiment));
  const RunColumn* const named = model.column ? run->column(*model.column) : nullptr;
  const CodeValues* const codes =
      named == nullptr ? nullptr : std::get_if<CodeValues>(&named->values);
  const bool is_one = codes != nullptr && codes->codes.width() == 0;
  const std::size_t rows = run->size();
  for (std::size_t word = 0; word * kTogether < rows; ++word) {
    const std::size_t first = word * kTogether;
    std::uint64_t living = present(text, word);
    if (rows - first < kTogether) living &= (std::uint64_t{1} << (rows - first)) - 1;
    if (run.dead() != nullptr) living &= ~run.dead()->bits[word];
    std::uint64_t by_model = codes == nullptr ? 0 : present(named, word);
    std::uint64_t wanted = living & ~by_model & ~present(sentiment, word);
    if (is_one && codes->codes.base() == model.code) by_model = 0;
    for (by_model &= living; by_model != 0; by_model &= by_model - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(by_model));
      const bool is_other = codes->codes.at(first + bit) != model.code;
      wanted |= std::uint64_t{is_other} << bit;
    }
    for (; wanted != 0; wanted &= wanted - 1) {
      if (!body(first + static_cast<std::size_t>(std::countr_zero(wanted)))) return;
    }
  }
}

}  // namespace

KnownModel known_model(const Snapshot& snapshot, std::string_view model) {
  ColumnId column{};
  const ColumnInfo* const info = snapshot.find_column(kSentimentModelColumn, column);
  if (info == nullptr) return {};
  KnownModel known{column, std::nullopt};
  if (info->dictionary == nullptr) return known;
  const std::uint32_t code = info->dictionary->find(model);
  if (code != Dictionary::kMissing) known.code = code;
  return known;
}

std::vector<std::uint32_t> texts_to_score(const LiveRun& run, const KnownModel& model,
                                          std::size_t most) {
  std::vector<std::uint32_t> found;
  for_each_text(run, model, [&](std::size_t row) {
    if (found.size() == most) return false;
    found.push_back(static_cast<std::uint32_t>(row));
    return true;
  });
  return found;
}

std::size_t count_texts_to_score(const Snapshot& snapshot, const KnownModel& model) {
  std::size_t count = 0;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      for_each_text(run, model, [&](std::size_t) {
        ++count;
        return true;
      });
    }
  }
  return count;
}

}  // namespace grapevine
