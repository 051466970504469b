#include "kernels/segment/event_rows.hpp"

#include <bit>

namespace grapevine {
namespace {

double bytes_per_row(const Run& run, ColumnId id) {
  const RunColumn* column = run.column(id);
  if (column == nullptr || run.size() == 0) return 0.0;
  return static_cast<double>(bytes_of(*column)) / static_cast<double>(run.size());
}

}  // namespace

EventRows::EventRows(const Snapshot& snapshot, const EventSelection& selection, const RowPick& pick,
                     const EventScan& scan, std::optional<ColumnId> measured)
    : customers_(snapshot.customers().count()),
      filter_(snapshot, selection),
      pick_(pick),
      scan_(scan),
      measured_(measured) {
  std::uint64_t read = 0;
  const auto parts = snapshot.parts();  // Sorts what came last, once, before tasks look at it.
  for (const auto& part : parts) {
    const std::size_t before = runs_.size();
    for (const EventNameId event : selection.events) {
      const LiveRun* run = part->run(event);
      if (run == nullptr) continue;
      if (filter_.may_have(**run)) runs_.push_back(run);
      if (pick_.choice != RowChoice::Any && (*run)->first <= pick_.until) {
        choosable_.push_back(run);
      }
    }
    read += runs_.size() != before ? 1 : 0;
  }
  if (scan_.reads == nullptr) return;
  scan_.reads->parts += read;
  scan_.reads->parts_skipped += parts.size() - read;
}

RowRange EventRows::wanted_customers(std::size_t first, std::size_t last) const {
  if (scan_.among == nullptr) return {first, last};
  const auto words = scan_.among->words();
  const std::size_t begin = first / 64;  // Blocks begin with a word.
  std::size_t end = (last + 63) / 64;
  std::size_t at = begin;
  while (at != end && words[at] == 0) ++at;
  if (at == end) return {first, first};
  while (words[end - 1] == 0) --end;
  const auto lowest = static_cast<std::size_t>(std::countr_zero(words[at]));
  const auto above = static_cast<std::size_t>(std::countl_zero(words[end - 1]));
  return {at * 64 + lowest, end * 64 - above};
}

void EventRows::note(const Run& run, RowRange rows) const {
  if (scan_.reads == nullptr) return;
  const auto count = static_cast<double>(rows.end - rows.begin);
  constexpr double kCustomerBytes = 2.0;
  double bytes = kCustomerBytes;
  if (filter_.reads_times(run)) bytes += run.times.width();
  for (const ColumnRule& rule : filter_.selection().where) bytes += bytes_per_row(run, rule.column);
  if (!filter_.selection().targets.empty()) bytes += run.targets.width();
  if (measured_) bytes += bytes_per_row(run, *measured_);
  scan_.reads->rows += rows.end - rows.begin;
  scan_.reads->bytes += static_cast<std::uint64_t>(count * bytes);
}

}  // namespace grapevine
