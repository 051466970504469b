#include "kernels/listen/topic_rows.hpp"

#include <algorithm>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr ColumnId kText = column_id(CoreColumn::Text);

// A piece of a run: work for one task.
struct Piece {
  const Run* run;
  RowRange rows;
  std::vector<std::vector<std::uint32_t>> matches;  // By topic.
};

}  // namespace

std::vector<std::vector<std::uint32_t>> match_texts(const Run& run, RowRange rows,
                                                    const PhraseMatcher& matcher,
                                                    std::size_t topics) {
  std::vector<std::vector<std::uint32_t>> matches(topics);
  const RunColumn* column = run.column(kText);
  if (column == nullptr) return matches;
  const auto* texts = std::get_if<TextValues>(&column->values);
  if (texts == nullptr) return matches;
  TextReader reader(*texts);
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!column->has(row)) continue;
    for (const std::uint32_t topic : matcher.topics_of(reader.at(row))) {
      matches[topic].push_back(static_cast<std::uint32_t>(row));
    }
  }
  return matches;
}

absl::StatusOr<std::vector<TopicRows>> match_texts(const Snapshot& snapshot,
                                                   const PhraseMatcher& matcher, std::size_t topics,
                                                   const Stop& stop) {
  constexpr std::size_t kRows = std::size_t{1} << 13;
  std::vector<Piece> pieces;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& live : part->runs) {
      if (live->column(kText) == nullptr) continue;
      for (std::size_t begin = 0; begin < live->size(); begin += kRows) {
        pieces.push_back({&*live, {begin, std::min(begin + kRows, live->size())}, {}});
      }
    }
  }
  for_each(pieces.size(), [&](std::size_t i) {
    if (stop.requested()) return;
    pieces[i].matches = match_texts(*pieces[i].run, pieces[i].rows, matcher, topics);
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for topics");
  std::vector<TopicRows> found(topics);
  std::vector<std::uint32_t> rows;
  for (std::size_t topic = 0; topic < topics; ++topic) {
    for (std::size_t i = 0; i < pieces.size();) {
      const Run* run = pieces[i].run;
      rows.clear();
      for (; i < pieces.size() && pieces[i].run == run; ++i) {
        const auto& some = pieces[i].matches[topic];
        rows.insert(rows.end(), some.begin(), some.end());
      }
      found[topic].add(*run, std::make_shared<const RowList>(rows, run->size()));
    }
  }
  return found;
}

}  // namespace grapevine
