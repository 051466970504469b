#include "kernels/segment/customer_rows.hpp"

#include <algorithm>

namespace grapevine {
namespace {

bool is_before(const CustomerRow& a, const CustomerRow& b) {
  if (a.ts != b.ts) return a.ts < b.ts;
  return a.run->sequences.at(a.row) < b.run->sequences.at(b.row);
}

}  // namespace

CustomerRows::CustomerRows(const Snapshot& snapshot) {
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      if (index(run->event) >= runs_.size()) runs_.resize(index(run->event) + std::size_t{1});
      runs_[index(run->event)].push_back(run);
    }
  }
}

void CustomerRows::read(CustomerId customer, EventNameId event, TimeMs from,
                        std::vector<CustomerRow>& rows) const {
  rows.clear();
  if (index(event) >= runs_.size()) return;
  bool sorted = true;
  for (const LiveRun& run : runs_[index(event)]) {
    if (run->last < from) continue;
    const CustomerColumn::Rows range = run->customers.rows_of(customer);
    for (std::size_t row = range.begin; row < range.end; ++row) {
      const TimeMs ts = run->time(row);
      if (ts < from || run.is_dead(row)) continue;
      rows.push_back({&*run, static_cast<std::uint32_t>(row), ts});
      sorted = sorted && (rows.size() == 1 || is_before(rows[rows.size() - 2], rows.back()));
    }
  }
  if (!sorted) std::sort(rows.begin(), rows.end(), is_before);
}

void rows_between(const Snapshot& snapshot, EventNameId event, TimeMs from, TimeMs to,
                  std::vector<TimedCustomer>& found) {
  if (from >= to) return;
  for (const auto& part : snapshot.parts()) {
    if (part->last < from || part->first >= to) continue;
    const LiveRun* run = part->run(event);
    if (run == nullptr || (*run)->last < from || (*run)->first >= to) continue;
    const Run& rows = **run;
    const auto base = static_cast<std::uint64_t>(rows.times.base());
    const std::uint64_t first = static_cast<std::uint64_t>(from) ^ Run::kSignBit;
    const std::uint64_t last = static_cast<std::uint64_t>(to) ^ Run::kSignBit;
    const std::uint64_t least = first > base ? first - base : 0;
    const std::uint64_t span = last - base - least;
    rows.times.visit([&](const auto offsets) {
      for (std::size_t row = 0; row < rows.size(); ++row) {
        if (std::uint64_t{offsets[row]} - least >= span || run->is_dead(row)) continue;
        found.push_back({rows.time(row), rows.customers[row]});
      }
    });
  }
}

}  // namespace grapevine
