#include "kernels/cohort/rfm.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <span>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/ascending_key.hpp"
#include "kernels/segment/meant_rows.hpp"
#include "kernels/segment/quantile_groups.hpp"
#include "kernels/segment/scan_lanes.hpp"
#include "kernels/segment/stretch_walk.hpp"
#include "kernels/segment/sums_of_customers.hpp"

namespace grapevine {
namespace {

// Customers to a task: more than usual, because little is kept of each.
constexpr std::size_t kCustomersTogether = 4 * kCustomersPerTask;

constexpr std::size_t kMeasures = 3;  // Recency, frequency, money.

// Who ordered something among a block of customers, in their order, and what is measured as keys.
struct Buyers {
  std::vector<CustomerId> customers;
  std::array<std::vector<std::uint64_t>, kMeasures> keys;
};

struct Scratch {
  std::vector<std::uint32_t> orders;
  std::vector<std::uint64_t> ordered;  // A bit a customer: any orders.
  std::vector<TimeMs> last;
  SumsOfCustomers money;
  std::vector<std::uint8_t> mask;

  void reset(std::size_t customers) {
    orders.assign(blocks_of(customers, 64) * 64, 0);
    ordered.resize(blocks_of(customers, 64));
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

// Those of customers from `first` on who ordered something.
void list_buyers(std::size_t first, Scratch& scratch, Buyers& buyers) {
  accept_range(scratch.orders, {1, std::numeric_limits<std::uint32_t>::max()}, scratch.ordered);
  std::size_t count = 0;
  for (const std::uint64_t word : scratch.ordered)
    count += static_cast<std::size_t>(std::popcount(word));
  buyers.customers.reserve(count);
  for (auto& keys : buyers.keys) keys.reserve(count);
  for (std::size_t w = 0; w < scratch.ordered.size(); ++w) {
    for (std::uint64_t rest = scratch.ordered[w]; rest != 0; rest &= rest - 1) {
      const std::size_t i = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
      buyers.customers.push_back(CustomerId(static_cast<std::uint32_t>(first + i)));
      buyers.keys[0].push_back(ascending_key(scratch.last[i]));
      buyers.keys[1].push_back(scratch.orders[i]);
      buyers.keys[2].push_back(ascending_key(scratch.money.divided_by(i, 1)));
    }
  }
}

// The buyers of each block of customers.
std::vector<Buyers> find_buyers(const Snapshot& snapshot, const EventSelection& orders,
                                ColumnId money, const Stop& stop) {
  const RowFilter filter(snapshot, orders);
  const auto runs = selected_runs(snapshot.parts(), filter);
  const std::size_t customers = snapshot.customers().count();
  std::vector<Buyers> buyers(blocks_of(customers, kCustomersTogether));
  WorkerLocal<Scratch> scratch([] { return Scratch{}; });
  for_each_block(customers, kCustomersTogether, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Scratch& mine = scratch.mine();
    mine.reset(last - first);
    for (const LiveRun* live : runs) {
      const RowRange rows = rows_of_customers(**live, first, last);
      if (rows.begin == rows.end) continue;
      const auto mask = filter.meant(*live, rows, mine.mask);
      note_orders(**live, rows, mask, first, mine);
      mine.money.add(**live, rows, mask, money, first);
    }
    mine.money.finish();
    list_buyers(first, mine, buyers[first / kCustomersTogether]);
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
  for (const Buyers& block : blocks) begins.push_back(begins.back() + block.customers.size());

  std::vector<QuantileGroups> divided;
  for (std::size_t m = 0; m < kMeasures; ++m) {
    std::vector<std::span<const std::uint64_t>> pieces;
    for (const Buyers& block : blocks) pieces.emplace_back(block.keys[m]);
    divided.push_back(QuantileGroups::of_pieces(pieces, groups));
  }

  std::vector<RfmGroups> result(begins.back());
  for_each(blocks.size(), [&](std::size_t b) {
    const Buyers& block = blocks[b];
    for (std::size_t i = 0; i < block.customers.size(); ++i) {
      const auto group = [&](std::size_t m) {
        return static_cast<std::uint8_t>(divided[m].group_of(block.keys[m][i]));
      };
      result[begins[b] + i] = {block.customers[i], group(0), group(1), group(2)};
    }
  });
  return result;
}

}  // namespace grapevine
