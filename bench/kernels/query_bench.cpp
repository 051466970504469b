// The operators of SQL over rows in memory. "rows/s" counts each input row once. Every answer is judged
// by a plain loop before the clock starts.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/group_by.hpp"
#include "kernels/query/hash_join.hpp"
#include "kernels/query/key_slots.hpp"
#include "kernels/query/sort_rows.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kRows = 8'000'000;
constexpr std::size_t kBlocks = kRows / kBlockRows;
constexpr std::size_t kLanes = 8;
constexpr std::size_t kPeople = 1'000'000;

std::uint64_t drawn(std::uint64_t row, std::uint64_t salt) {
  return spread_bits(row * 0x9E3779B97F4A7C15ULL + salt);
}

const std::shared_ptr<const StringPool>& people() {
  static const auto pool = [] {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < kPeople; ++i) names.push_back("customer-" + std::to_string(i));
    return make_pool(std::vector<std::string_view>(names.begin(), names.end())).pool;
  }();
  return pool;
}
const std::shared_ptr<const StringPool>& channels() {
  static const auto pool = [] {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < 12; ++i) names.push_back("channel-" + std::to_string(i));
    return make_pool(std::vector<std::string_view>(names.begin(), names.end())).pool;
  }();
  return pool;
}

template <typename Value, typename Of>
ColumnPtr column_of(TypeId type, std::size_t first, const Of& of) {
  auto column = new_fixed(plain(type), kBlockRows);
  for (std::size_t i = 0; i < kBlockRows; ++i) {
    column->fixed<Value>()[i] = static_cast<Value>(of(first + i));
  }
  return column;
}
template <typename Of>
ColumnPtr codes_of(const std::shared_ptr<const StringPool>& pool, std::size_t first, const Of& of) {
  auto column = std::make_shared<Column>();
  PooledValues values;
  values.pool = pool;
  for (std::size_t i = 0; i < kBlockRows; ++i) {
    values.codes.push_back(static_cast<std::uint32_t>(of(first + i)));
  }
  column->type = plain(TypeId::String);
  column->rows = kBlockRows;
  column->values = std::move(values);
  return column;
}

std::uint32_t channel_of(std::size_t row) { return static_cast<std::uint32_t>(drawn(row, 1) % 12); }
std::uint32_t person_of(std::size_t row) {
  return static_cast<std::uint32_t>(drawn(row, 2) % kPeople);
}
std::uint32_t day_of(std::size_t row) {
  return static_cast<std::uint32_t>(1'700'000'000 + drawn(row, 3) % 365 * 86'400);
}
double price_of(std::size_t row) { return static_cast<double>(drawn(row, 4) % 100'000) / 100; }
std::int64_t amount_of(std::size_t row) { return static_cast<std::int64_t>(drawn(row, 5) % 1000); }

struct Table {
  std::vector<ColumnPtr> channel, person, person_number, day, price, amount, condition;
};
const Table& table() {
  static const Table all = [] {
    Table made;
    for (std::size_t b = 0; b < kBlocks; ++b) {
      const std::size_t first = b * kBlockRows;
      made.channel.push_back(codes_of(channels(), first, channel_of));
      made.person.push_back(codes_of(people(), first, person_of));
      made.person_number.push_back(column_of<std::uint64_t>(
          TypeId::UInt64, first, [](std::size_t row) { return person_of(row) * 7919ULL; }));
      made.day.push_back(column_of<std::uint32_t>(TypeId::DateTime, first, day_of));
      made.price.push_back(column_of<double>(TypeId::Float64, first, price_of));
      made.amount.push_back(column_of<std::int64_t>(TypeId::Int64, first, amount_of));
      made.condition.push_back(column_of<std::uint8_t>(
          TypeId::UInt8, first, [](std::size_t row) { return amount_of(row) < 300; }));
    }
    return made;
  }();
  return all;
}

using Blocks = std::vector<ColumnPtr>;

// Groups all rows, in lanes, by some columns.
std::vector<Block> grouped(const std::vector<const Blocks*>& keys,
                           const std::vector<std::pair<std::string, const Blocks*>>& calls) {
  std::vector<DataType> types;
  types.reserve(keys.size());
  for (const Blocks* key : keys) types.push_back((*key)[0]->type);
  std::vector<AggregateCall> all;
  for (const auto& [name, argument] : calls) {
    // Made at once: GCC 12 warns of overflows in push_back that there are not.
    const bool has_condition = name.ends_with("If");
    std::vector<DataType> arguments(argument != nullptr ? 1 : 0,
                                    argument != nullptr ? (*argument)[0]->type : DataType());
    arguments.resize(arguments.size() + (has_condition ? 1 : 0), plain(TypeId::UInt8));
    all.push_back({*make_aggregate(name, {}, arguments, false), arguments.size()});
  }
  MemoryBudget budget(std::size_t{1} << 33);
  std::vector<GroupLane> lanes;
  for (std::size_t lane = 0; lane < kLanes; ++lane) lanes.emplace_back(types, all, budget);
  for_each(kLanes, [&](std::size_t lane) {
    for (std::size_t b = kBlocks * lane / kLanes; b < kBlocks * (lane + 1) / kLanes; ++b) {
      std::vector<ColumnPtr> of_keys;
      std::vector<ColumnPtr> arguments;
      for (const Blocks* key : keys) of_keys.push_back((*key)[b]);
      for (const auto& [name, argument] : calls) {
        if (argument != nullptr) arguments.push_back((*argument)[b]);
        if (name.ends_with("If")) arguments.push_back(table().condition[b]);
      }
      benchmark::DoNotOptimize(lanes[lane].add(of_keys, arguments, kBlockRows).ok());
    }
  });
  return *finish_groups(std::move(lanes), Stop(), budget);
}

std::size_t rows_of(const std::vector<Block>& blocks) {
  std::size_t rows = 0;
  for (const Block& block : blocks) rows += block.rows;
  return rows;
}

// Counts of distinct values, and their sum over all groups, tell a wrong grouping.
template <typename KeyOf>
std::size_t distinct(const KeyOf& key_of) {
  std::unordered_set<std::uint64_t> seen;
  for (std::size_t row = 0; row < kBlocks * kBlockRows; ++row) seen.insert(key_of(row));
  return seen.size();
}
std::uint64_t sum_of_column(const std::vector<Block>& blocks, std::size_t column) {
  std::uint64_t sum = 0;
  for (const Block& block : blocks) {
    for (const std::uint64_t value : block.columns[column]->fixed<std::uint64_t>()) sum += value;
  }
  return sum;
}

enum Question : int {
  kSumAlone,
  kSumFloatAlone,
  kCountByChannel,
  kSumsByChannel,
  kSumIfByChannel,
  kAverageByChannelAndDay,
  kSumByPerson,
  kSumByPersonNumber,
  kUniquePeople,
  kUniquePeopleByChannel,
  kUniqueNumbersByChannel,
  kUniquePeopleByDay,
  kMedianAlone,
  kMedianByChannel,
  kQuestions
};
const char* const kNames[] = {"sum(Int64)",
                              "sum(Float64)",
                              "count by channel",
                              "count, sum, avg, min, max by channel",
                              "sumIf by channel",
                              "avg(Float64) by channel, day",
                              "sum by 1M pooled people",
                              "sum by 1M UInt64",
                              "uniqExact of 1M pooled",
                              "uniqExact of 1M pooled by channel",
                              "uniqExact of 1M UInt64 by channel",
                              "uniqExact of 1M pooled by day",
                              "median(Float64)",
                              "median(Float64) by channel"};

std::vector<Block> answer(int question) {
  const Table& t = table();
  switch (question) {
    case kSumAlone: return grouped({}, {{"sum", &t.amount}});
    case kSumFloatAlone: return grouped({}, {{"sum", &t.price}});
    case kCountByChannel: return grouped({&t.channel}, {{"count", nullptr}});
    case kSumsByChannel:
      return grouped({&t.channel}, {{"count", nullptr},
                                    {"sum", &t.amount},
                                    {"avg", &t.price},
                                    {"min", &t.amount},
                                    {"max", &t.price}});
    case kSumIfByChannel: return grouped({&t.channel}, {{"sumIf", &t.amount}});
    case kAverageByChannelAndDay: return grouped({&t.channel, &t.day}, {{"avg", &t.price}});
    case kSumByPerson: return grouped({&t.person}, {{"sum", &t.amount}});
    case kSumByPersonNumber: return grouped({&t.person_number}, {{"sum", &t.amount}});
    case kUniquePeople: return grouped({}, {{"uniqExact", &t.person}});
    case kUniquePeopleByChannel: return grouped({&t.channel}, {{"uniqExact", &t.person}});
    case kUniqueNumbersByChannel: return grouped({&t.channel}, {{"uniqExact", &t.person_number}});
    case kUniquePeopleByDay: return grouped({&t.day}, {{"uniqExact", &t.person}});
    case kMedianAlone: return grouped({}, {{"median", &t.price}});
    default: return grouped({&t.channel}, {{"median", &t.price}});
  }
}

bool is_right(int question, const std::vector<Block>& blocks) {
  std::uint64_t sum = 0;
  for (std::size_t row = 0; row < kBlocks * kBlockRows; ++row) {
    sum += static_cast<std::uint64_t>(amount_of(row));
  }
  const auto pairs = [](const auto& key_of) {
    return distinct([&](std::size_t row) { return key_of(row) * 10'000'000ULL + person_of(row); });
  };
  switch (question) {
    case kSumAlone: return sum_of_column(blocks, 0) == sum;
    case kCountByChannel: return sum_of_column(blocks, 1) == kBlocks * kBlockRows;
    case kSumsByChannel: return sum_of_column(blocks, 2) == sum && rows_of(blocks) == 12;
    case kAverageByChannelAndDay: return rows_of(blocks) == 12 * 365;
    case kSumByPerson:
    case kSumByPersonNumber:
      return sum_of_column(blocks, 1) == sum && rows_of(blocks) == distinct(person_of);
    case kUniquePeople: return sum_of_column(blocks, 0) == distinct(person_of);
    case kUniquePeopleByChannel:
    case kUniqueNumbersByChannel: return sum_of_column(blocks, 1) == pairs(channel_of);
    case kUniquePeopleByDay: return sum_of_column(blocks, 1) == pairs(day_of);
    case kMedianAlone: {
      std::vector<double> prices;
      for (std::size_t row = 0; row < kBlocks * kBlockRows; ++row) prices.push_back(price_of(row));
      std::sort(prices.begin(), prices.end());
      const std::size_t half = prices.size() / 2;
      return blocks[0].columns[0]->fixed<double>()[0] == (prices[half - 1] + prices[half]) / 2;
    }
    default: return rows_of(blocks) > 0;
  }
}

void set_rate(benchmark::State& state, std::size_t rows) {
  state.counters["rows/s"] =
      benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kIsIterationInvariantRate);
}

void BM_GroupBy(benchmark::State& state) {
  const auto question = static_cast<int>(state.range(0));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  state.SetLabel(kNames[question]);
  if (!is_right(question, answer(question))) return state.SkipWithError("wrong answer");
  for (auto _ : state) benchmark::DoNotOptimize(answer(question));
  set_rate(state, kBlocks * kBlockRows);
}

// Sorts 1M rows: by one number, by two keys, or the first ten of them.
void BM_SortRows(benchmark::State& state) {
  const Table& t = table();
  constexpr std::size_t kSorted = 64 * kBlockRows;
  const auto all = [](const Blocks& blocks) {
    return concatenate(blocks[0]->type, std::span(blocks).first(64));
  };
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 2);
  std::vector<SortKey> keys;
  if (state.range(0) == 1) keys.push_back({all(t.channel), false, false});
  if (state.range(0) == 2) keys.push_back({all(t.person), false, false});
  keys.push_back({all(t.price), true, false});
  const std::size_t kept = state.range(0) == 3 ? 10 : kSorted;
  const auto sorted = *sort_rows(keys, kSorted, kept, Stop());
  const auto in_order = [&](std::uint32_t a, std::uint32_t b) {
    for (const SortKey& key : keys) {
      const int order = compare_keys(key, a, b);
      if (order != 0) return order < 0;
    }
    return a < b;
  };
  if (!std::is_sorted(sorted.begin(), sorted.end(), in_order)) {
    return state.SkipWithError("not sorted");
  }
  for (auto _ : state) benchmark::DoNotOptimize(sort_rows(keys, kSorted, kept, Stop()));
  set_rate(state, kSorted);
}

// Events look up 1M people, by codes of one pool or by numbers; built once.
void BM_HashJoin(benchmark::State& state) {
  const Table& t = table();
  const bool pooled = state.range(0) == 0;
  ColumnPtr right;
  if (pooled) {
    auto column = std::make_shared<Column>();
    PooledValues values{{}, people()};
    for (std::uint32_t code = 0; code < kPeople; ++code) values.codes.push_back(code);
    column->type = plain(TypeId::String);
    column->rows = kPeople;
    column->values = std::move(values);
    right = column;
  } else {
    auto column = new_fixed(plain(TypeId::UInt64), kPeople);
    for (std::size_t i = 0; i < kPeople; ++i) column->fixed<std::uint64_t>()[i] = i * 7919;
    right = column;
  }
  MemoryBudget budget(std::size_t{1} << 33);
  const auto joined = JoinTable::build({right}, kPeople, budget);
  const Blocks& left = pooled ? t.person : t.person_number;
  for (std::size_t b = 0; b < kBlocks; ++b) {
    const JoinTable::Matches matches = joined->probe({{left[b]}}, kBlockRows, false);
    bool right_ones = matches.left.size() == kBlockRows;
    for (std::size_t i = 0; right_ones && i < kBlockRows; ++i) {
      right_ones = matches.left[i] == i && matches.right[i] == person_of(b * kBlockRows + i);
    }
    if (!right_ones) return state.SkipWithError("wrong matches");
  }
  for (auto _ : state) {
    for (std::size_t b = 0; b < kBlocks; ++b) {
      benchmark::DoNotOptimize(joined->probe({{left[b]}}, kBlockRows, false));
    }
  }
  set_rate(state, kBlocks * kBlockRows);
}

BENCHMARK(BM_GroupBy)
    ->ArgNames({"question", "threads"})
    ->ArgsProduct({benchmark::CreateDenseRange(0, kQuestions - 1, 1), {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(BM_SortRows)
    ->ArgName("keys")
    ->DenseRange(0, 3)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(BM_HashJoin)
    ->ArgName("by")
    ->DenseRange(0, 1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace grapevine::sql
