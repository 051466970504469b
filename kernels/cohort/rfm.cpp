#include "kernels/cohort/rfm.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/ascending_key.hpp"
#include "kernels/segment/meant_rows.hpp"
#include "kernels/segment/number_rows.hpp"
#include "kernels/segment/quantile_groups.hpp"
#include "kernels/segment/stretch_walk.hpp"
#include "kernels/segment/sums_of_customers.hpp"

namespace grapevine {
namespace {

struct Buyer {
  CustomerId customer{};
  std::uint32_t orders = 0;
  TimeMs last = 0;
  double money = 0.0;
};

struct Scratch {
  std::vector<std::uint32_t> orders;
  std::vector<TimeMs> last;
  SumsOfCustomers money;
  std::vector<std::uint8_t> mask;

  void reset(std::size_t customers) {
    orders.assign(customers, 0);
    last.assign(customers, std::numeric_limits<TimeMs>::min());
    money.reset(customers);
  }
};

void note_orders(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                 std::size_t first, Scratch& scratch) {
  const std::uint64_t base = run.times.base();
  run.times.visit([&](const auto offsets) {
    for_each_meant(run, rows, mask, [&](std::size_t row, CustomerId customer) {
      const std::size_t i = index(customer) - first;
      ++scratch.orders[i];
      const auto time = static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit);
      scratch.last[i] = std::max(scratch.last[i], time);
    });
  });
}

// The buyers of each block of customers, in their order.
std::vector<std::vector<Buyer>> find_buyers(const Snapshot& snapshot, const EventSelection& orders,
                                            ColumnId money, const Stop& stop) {
  const RowFilter filter(snapshot, orders);
  const auto runs = selected_runs(snapshot.parts(), filter);
  const std::size_t customers = snapshot.customers().count();
  std::vector<std::vector<Buyer>> buyers(blocks_of(customers, kCustomersPerTask));
  WorkerLocal<Scratch> scratch([] { return Scratch{}; });
  for_each_block(customers, kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Scratch& mine = scratch.mine();
    mine.reset(last - first);
    for (const LiveRun* live : runs) {
      const RowRange rows = rows_of_customers(**live, first, last);
      if (rows.begin == rows.end) continue;
      const auto mask = filter.meant(*live, rows, mine.mask);
      note_orders(**live, rows, mask, first, mine);
      for_each_number(**live, rows, mask, money, [&](CustomerId customer, auto number) {
        mine.money.add(index(customer) - first, number);
      });
    }
    std::vector<Buyer>& found = buyers[first / kCustomersPerTask];
    for (std::size_t i = 0; i < last - first; ++i) {
      if (mine.orders[i] == 0) continue;
      const CustomerId customer{static_cast<std::uint32_t>(first + i)};
      found.push_back({customer, mine.orders[i], mine.last[i], mine.money.divided_by(i, 1)});
    }
  });
  return buyers;
}

}  // namespace

absl::StatusOr<std::vector<RfmGroups>> group_by_rfm(const Snapshot& snapshot,
                                                    const EventSelection& orders, ColumnId money,
                                                    std::size_t groups, const Stop& stop) {
  if (groups < 1 || groups > 100) {
    return absl::InvalidArgumentError("there must be 1 to 100 groups");
  }
  const auto blocks = find_buyers(snapshot, orders, money, stop);
  if (stop.requested()) return absl::CancelledError("stopped while looking for orders");
  std::vector<std::size_t> begins{0};
  for (const auto& block : blocks) begins.push_back(begins.back() + block.size());

  // One measure to a task.
  constexpr std::uint64_t (*kMeasures[])(const Buyer&) = {
      [](const Buyer& buyer) { return ascending_key(buyer.last); },
      [](const Buyer& buyer) { return std::uint64_t{buyer.orders}; },
      [](const Buyer& buyer) { return ascending_key(buyer.money); }};
  std::vector<QuantileGroups> divided(std::size(kMeasures), QuantileGroups({}, groups));
  for_each(divided.size(), [&](std::size_t m) {
    std::vector<std::uint64_t> keys;
    keys.reserve(begins.back());
    for (const auto& block : blocks) {
      for (const Buyer& buyer : block) keys.push_back(kMeasures[m](buyer));
    }
    divided[m] = QuantileGroups(std::move(keys), groups);
  });

  std::vector<RfmGroups> result(begins.back());
  for_each(blocks.size(), [&](std::size_t b) {
    for (std::size_t i = 0; i < blocks[b].size(); ++i) {
      const Buyer& buyer = blocks[b][i];
      const auto group = [&](std::size_t m) {
        return static_cast<std::uint8_t>(divided[m].group_of(kMeasures[m](buyer)));
      };
      result[begins[b] + i] = {buyer.customer, group(0), group(1), group(2)};
    }
  });
  return result;
}

}  // namespace grapevine
