#include "kernels/listen/content_shares.hpp"

#include <tuple>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"
#include "kernels/segment/row_slices.hpp"
#include "storage/schema.hpp"

namespace grapevine {

absl::StatusOr<std::vector<ContentShare>> find_shares(const Snapshot& snapshot,
                                                      std::span<const std::uint32_t> contents,
                                                      TimeMs as_of, const Stop& stop) {
  std::vector<ContentShare> shares;
  if (contents.empty()) return shares;
  const auto& dictionary = snapshot.columns()[index(column_id(CoreColumn::ParentId))].dictionary;
  std::vector<bool> wanted(dictionary == nullptr ? 0 : dictionary->size());
  for (const std::uint32_t content : contents) {
    if (content < wanted.size()) wanted[content] = true;
  }
  EventSelection selection;
  selection.events = {snapshot.find_event("Post Shared")};
  if (as_of != INT64_MAX) selection.to = as_of + 1;
  const RowFilter filter(snapshot, selection);
  const std::vector<RowSlice> slices = slices_of(snapshot, filter);
  std::vector<std::vector<ContentShare>> found(slices.size());
  WorkerLocal<std::vector<std::uint8_t>> masks([] { return std::vector<std::uint8_t>(); });
  for_each(slices.size(), [&](std::size_t s) {
    if (stop.requested()) return;
    const LiveRun& live = *slices[s].live;
    const RowRange rows = slices[s].rows;
    const RunColumn* column = live->column(column_id(CoreColumn::ParentId));
    const auto* codes = column == nullptr ? nullptr : std::get_if<CodeValues>(&column->values);
    if (codes == nullptr) return;
    const auto mask = filter.meant(live, rows, masks.mine());
    const std::uint64_t base = codes->codes.base();
    codes->codes.visit([&](const auto offsets) {
      for (std::size_t row = rows.begin; row < rows.end; ++row) {
        const std::uint64_t parent = base + offsets[row];
        if (parent >= wanted.size() || !wanted[parent] || !column->has(row)) continue;
        if (!mask.empty() && mask[row - rows.begin] == 0) continue;
        found[s].push_back({static_cast<std::uint32_t>(parent), live->time(row),
                            live->sequences.at(row), live->customers[row]});
      }
    });
  });
  if (stop.requested()) return absl::CancelledError("stopped while reading shares");
  for (const auto& some : found) shares.insert(shares.end(), some.begin(), some.end());
  const auto order = [](const ContentShare& of) {
    return std::tuple(of.content, of.ts, of.sequence);
  };
  parallel_sort(std::span(shares),
                [&](const ContentShare& a, const ContentShare& b) { return order(a) < order(b); });
  return shares;
}

}  // namespace grapevine
