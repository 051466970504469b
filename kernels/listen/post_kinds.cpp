#include "kernels/listen/post_kinds.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "kernels/listen/groups_of_run.hpp"
#include "kernels/listen/mood_lanes.hpp"
#include "storage/real_values.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRowsTogether = RealValues::kReadTogether;
constexpr std::uint8_t kAllMoods = 0xF;

// Keeps the rows of a block whose mood is selected.
void keep_moods(const Run& run, std::size_t begin, std::size_t count, std::uint8_t moods,
                std::vector<GroupedRow>& rows) {
  const RunColumn* column = run.column(column_id(CoreColumn::Sentiment));
  const RealValues* values = column == nullptr ? nullptr : std::get_if<RealValues>(&column->values);
  std::array<std::int64_t, kRowsTogether> of_row{};
  if (values != nullptr) {
    std::array<std::int64_t, kRowsTogether> sums;
    note_moods(*values, begin, std::span(of_row).first(count), sums);
  }
  std::erase_if(rows, [&](const GroupedRow& of) {
    const bool is_scored = values != nullptr && column->has(begin + of.row);
    return (moods >> (is_scored ? of_row[of.row] : 0) & 1) == 0;
  });
}

}  // namespace

std::vector<PostKind> kinds_of_posts(const Run& run, RowRange rows,
                                     std::span<const std::uint8_t> has_text,
                                     const TermQuestion& question) {
  std::vector<PostKind> kinds(rows.end - rows.begin, PostKind::None);
  GroupsOfRun groups(run, question.filters);
  std::vector<GroupedRow> selected;
  for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
    const std::size_t count = std::min(kRowsTogether, rows.end - begin);
    selected.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::size_t place = begin + i - rows.begin;
      if (!has_text.empty() && has_text[place] == 0) continue;
      kinds[place] = PostKind::Rest;
      const TimeMs time = run.time(begin + i);
      if (time >= question.from && time < question.to) selected.push_back({i, 0});
    }
    for (std::size_t d = 0; d < question.filters.size() && !selected.empty(); ++d) {
      groups.divide(d, begin, selected);
    }
    if (question.moods != kAllMoods && !selected.empty()) {
      keep_moods(run, begin, count, question.moods, selected);
    }
    for (const GroupedRow& of : selected) kinds[begin + of.row - rows.begin] = PostKind::Selected;
  }
  return kinds;
}

}  // namespace grapevine
