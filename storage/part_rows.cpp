#include "storage/part_rows.hpp"

#include <algorithm>

namespace grapevine {
namespace {

// The rows of a part that satisfy `is_meant(run, row)`, of the runs that `may_have(run)`.
template <typename MayHave, typename IsMeant>
RowsOfPart select_rows(const Part& part, const MayHave& may_have, const IsMeant& is_meant) {
  RowsOfPart rows(part.runs.size());
  for (std::size_t r = 0; r < part.runs.size(); ++r) {
    const LiveRun& run = part.runs[r];
    if (!may_have(*run)) continue;
    for (std::uint32_t row = 0; row < run->size(); ++row) {
      if (!run.is_dead(row) && is_meant(*run, row)) rows[r].push_back(row);
    }
  }
  return rows;
}

LiveRun with_more_dead(const LiveRun& run, std::span<const std::uint32_t> rows) {
  auto dead = std::make_shared<DeadRows>();
  if (run.dead() != nullptr) {
    *dead = *run.dead();
  } else {
    dead->bits.resize((run->size() + 63) / 64);
  }
  for (const std::uint32_t row : rows) dead->bits[row / 64] |= std::uint64_t{1} << (row % 64);
  dead->count += rows.size();
  return LiveRun(run.shared(), std::move(dead));
}

LiveRun with_only(const LiveRun& run, std::span<const std::uint32_t> rows) {
  auto dead = std::make_shared<DeadRows>();
  dead->bits.assign((run->size() + 63) / 64, ~std::uint64_t{0});
  for (const std::uint32_t row : rows) dead->bits[row / 64] &= ~(std::uint64_t{1} << (row % 64));
  dead->count = run->size() - rows.size();
  return LiveRun(run.shared(), std::move(dead));
}

void add_run(Part& part, LiveRun run) {
  const bool first = part.runs.empty();
  part.first = first ? run->first : std::min(part.first, run->first);
  part.last = first ? run->last : std::max(part.last, run->last);
  part.rows += run.rows();
  part.runs.push_back(std::move(run));
}

}  // namespace

RowsOfPart rows_to_move(const Part& part, std::span<const CustomerId> customers,
                        const std::function<CustomerId(CustomerId)>& person_of) {
  RowsOfPart rows(part.runs.size());
  for (std::size_t r = 0; r < part.runs.size(); ++r) {
    const LiveRun& run = part.runs[r];
    for (const CustomerId customer : customers) {
      const std::size_t begin = run->customers.lower_bound(index(customer));
      if (begin == run->size()) break;
      const std::size_t end = run->customers.lower_bound(std::uint64_t{index(customer)} + 1);
      for (std::size_t row = begin; row < end; ++row) {
        if (run.is_dead(row) || person_of(run->identity(row)) == customer) continue;
        rows[r].push_back(static_cast<std::uint32_t>(row));
      }
    }
  }
  return rows;
}

RowsOfPart rows_of_sequences(const Part& part,
                             std::span<const std::pair<std::uint64_t, std::uint64_t>> ranges) {
  const auto in_ranges = [&](std::uint64_t sequence) {
    const auto after = std::upper_bound(
        ranges.begin(), ranges.end(), sequence,
        [](std::uint64_t wanted, const auto& range) { return wanted < range.first; });
    return after != ranges.begin() && sequence < (after - 1)->second;
  };
  return select_rows(
      part,
      [&](const Run& run) {
        return !ranges.empty() && run.sequences.base() < ranges.back().second;
      },
      [&](const Run& run, std::size_t row) { return in_ranges(run.sequences.at(row)); });
}

RowsOfPart rows_before(const Part& part, TimeMs horizon) {
  return select_rows(
      part, [&](const Run& run) { return run.first < horizon; },
      [&](const Run& run, std::size_t row) { return run.time(row) < horizon; });
}

bool any_rows(const RowsOfPart& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const auto& of_run) { return !of_run.empty(); });
}

std::shared_ptr<const Part> without_rows(const Part& part, const RowsOfPart& rows) {
  auto left = std::make_shared<Part>();
  for (std::size_t r = 0; r < part.runs.size(); ++r) {
    const LiveRun& run = part.runs[r];
    if (rows[r].size() == run.rows()) continue;
    add_run(*left, rows[r].empty() ? run : with_more_dead(run, rows[r]));
  }
  return left->runs.empty() ? nullptr : left;
}

std::shared_ptr<const Part> only_rows(const Part& part, const RowsOfPart& rows) {
  auto taken = std::make_shared<Part>();
  for (std::size_t r = 0; r < part.runs.size(); ++r) {
    if (!rows[r].empty()) add_run(*taken, with_only(part.runs[r], rows[r]));
  }
  return taken;
}

}  // namespace grapevine
