#include "kernels/query/group_by.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/query/query_error.hpp"
#include "kernels/query/sort_rows.hpp"
#include "kernels/query/value_bytes.hpp"
#include "kernels/segment/exact_sum.hpp"
#include "tests/kernels/query/random_columns.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine::sql {
namespace {

std::string bytes_at(const ColumnPtr& column, std::size_t row) {
  std::string bytes;
  append_value(*column, row, bytes);
  return bytes;
}

// Whether a value of a nullable or plain column is the same as that of the other kind of column.
std::string value_bytes(const ColumnPtr& column, std::size_t row) {
  if (column->is_null(row)) return "NULL";
  const std::string bytes = bytes_at(column, row);
  return column->type.nullable ? bytes.substr(1) : bytes;
}

AggregateCall call(std::string_view name, std::vector<DataType> arguments) {
  auto aggregate = make_aggregate(name, {}, arguments, false);
  EXPECT_TRUE(aggregate.ok()) << name << ": " << aggregate.status();
  return {*aggregate, arguments.size()};
}

struct Input {
  std::vector<DataType> key_types;
  std::vector<DataType> value_types;
  std::vector<std::vector<ColumnPtr>> keys;    // A block.
  std::vector<std::vector<ColumnPtr>> values;  // A block.
};

Input random_input(std::vector<DataType> key_types, std::vector<DataType> value_types,
                   std::size_t groups, std::size_t blocks, std::uint64_t seed) {
  RandomColumns random(seed);
  Input input{std::move(key_types), std::move(value_types), {}, {}};
  const MadePool pools[] = {random_pool(200, 0), random_pool(300, 77)};
  for (std::size_t block = 0; block < blocks; ++block) {
    const std::size_t rows = 1 + random.below(1500);
    const auto columns = [&](const std::vector<DataType>& types, std::size_t values) {
      std::vector<ColumnPtr> made;
      for (const DataType& type : types) {
        const std::uint64_t kind = random.below(6);
        const ColumnPtr column =
            random.column(type, rows, values, kind < 4 ? &pools[kind / 3] : nullptr);
        made.push_back(kind == 5 ? value_at(column, 0, rows) : column);
      }
      return made;
    };
    input.keys.push_back(columns(input.key_types, groups));
    input.values.push_back(columns(input.value_types, 200));
  }
  return input;
}

// Each call's answer for each key, by its bytes.
using Answers = std::map<std::string, std::vector<std::string>>;

Answers answers_of(const std::vector<Block>& blocks, std::size_t keys) {
  Answers answers;
  for (const Block& block : blocks) {
    EXPECT_LE(block.rows, kBlockRows);
    for (std::size_t row = 0; row < block.rows; ++row) {
      std::string key;
      for (std::size_t k = 0; k < keys; ++k) key += bytes_at(block.columns[k], row);
      std::vector<std::string>& values = answers[key];
      EXPECT_TRUE(values.empty()) << "a key twice";
      for (std::size_t c = keys; c < block.columns.size(); ++c) {
        EXPECT_EQ(block.columns[c]->rows, block.rows);
        values.push_back(value_bytes(block.columns[c], row));
      }
    }
  }
  return answers;
}

// Every call is on each value column in turn.
std::vector<AggregateCall> calls_on(const Input& input, const std::vector<std::string>& names) {
  std::vector<AggregateCall> calls;
  for (const DataType& type : input.value_types) {
    for (const std::string& name : names) calls.push_back(call(name, {type}));
  }
  return calls;
}

absl::StatusOr<std::vector<Block>> group(const Input& input, std::span<const AggregateCall> calls,
                                         std::size_t calls_a_column, std::size_t lanes) {
  MemoryBudget budget(std::size_t{1} << 32);
  std::vector<GroupLane> all;
  const std::size_t blocks = input.keys.size();
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    all.emplace_back(input.key_types, calls, budget);
    for (std::size_t b = blocks * lane / lanes; b < blocks * (lane + 1) / lanes; ++b) {
      std::vector<ColumnPtr> arguments;
      for (const ColumnPtr& value : input.values[b]) {
        arguments.insert(arguments.end(), calls_a_column, value);
      }
      const absl::Status added = all.back().add(input.keys[b], arguments, input.values[b][0]->rows);
      EXPECT_TRUE(added.ok()) << added;
    }
  }
  auto answer = finish_groups(std::move(all), Stop(), budget);
  EXPECT_EQ(budget.held(), 0);
  return answer;
}

// The definitions, with all rows of a group in a list.
using Rows = std::vector<std::pair<ColumnPtr, std::size_t>>;

std::string bytes_of(auto value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

double real_at(const ColumnPtr& column, std::size_t row) {
  return column->type.id == TypeId::Float32
             ? static_cast<double>(column->fixed<float>()[column->slot(row)])
             : column->fixed<double>()[column->slot(row)];
}

std::int64_t integer_at(const ColumnPtr& column, std::size_t row) {
  const std::size_t slot = column->slot(row);
  switch (column->type.id) {
    case TypeId::UInt8: return column->fixed<std::uint8_t>()[slot];
    case TypeId::UInt32: return column->fixed<std::uint32_t>()[slot];
    default: return column->fixed<std::int64_t>()[slot];
  }
}

double sum_of_reals(const Rows& rows) {
  WideSum sum;
  double strange = 0;
  bool any_strange = false;
  for (const auto& [column, row] : rows) {
    const double number = real_at(column, row);
    if (std::isfinite(number)) {
      sum.add(number);
    } else {
      any_strange = true;
      strange += number;
    }
  }
  return any_strange ? strange : sum.rounded();
}

std::string extreme_of(const Rows& rows, bool least) {
  const auto is_nan = [](const auto& at) {
    return is_float(at.first->type.id) && std::isnan(real_at(at.first, at.second));
  };
  auto best = rows[0];
  for (const auto& at : rows) {
    if (is_nan(at)) continue;
    const int order = compare_values(*at.first, at.second, *best.first, best.second);
    if (is_nan(best) || (least ? order < 0 : order > 0)) best = at;
  }
  return value_bytes(best.first, best.second);
}

std::string expected_answer(const std::string& name, const Rows& all) {
  Rows rows;
  for (const auto& at : all) {
    if (!at.first->is_null(at.second)) rows.push_back(at);
  }
  if (name == "count") return bytes_of(std::uint64_t{rows.size()});
  if (name == "uniqExact") {
    std::set<std::string> distinct;
    for (const auto& [column, row] : rows) distinct.insert(value_bytes(column, row));
    return bytes_of(std::uint64_t{distinct.size()});
  }
  if (rows.empty()) return "NULL";
  if (name == "any") return value_bytes(rows[0].first, rows[0].second);
  if (name == "anyLast") return value_bytes(rows.back().first, rows.back().second);
  if (name == "min" || name == "max") return extreme_of(rows, name == "min");
  double sum = 0;
  std::uint64_t integers = 0;
  const bool real = is_float(rows[0].first->type.id);
  if (real) {
    sum = sum_of_reals(rows);
  } else {
    for (const auto& [column, row] : rows)
      integers += static_cast<std::uint64_t>(integer_at(column, row));
    sum = is_signed(rows[0].first->type.id)
              ? static_cast<double>(static_cast<std::int64_t>(integers))
              : static_cast<double>(integers);
  }
  double answer = name == "sum" ? sum : sum / static_cast<double>(rows.size());
  if (name == "sum" && !real) return bytes_of(integers);
  if (std::isnan(answer)) answer = std::numeric_limits<double>::quiet_NaN();
  return bytes_of(answer);
}

Answers expected_answers(const Input& input, const std::vector<std::string>& names) {
  std::map<std::string, std::vector<Rows>> rows_of;
  for (std::size_t b = 0; b < input.keys.size(); ++b) {
    for (std::size_t row = 0; row < input.values[b][0]->rows; ++row) {
      std::string key;
      for (const ColumnPtr& column : input.keys[b]) key += bytes_at(column, row);
      std::vector<Rows>& rows = rows_of[key];
      rows.resize(input.value_types.size());
      for (std::size_t v = 0; v < rows.size(); ++v) rows[v].emplace_back(input.values[b][v], row);
    }
  }
  Answers answers;
  for (const auto& [key, rows] : rows_of) {
    for (const Rows& of_column : rows) {
      for (const std::string& name : names)
        answers[key].push_back(expected_answer(name, of_column));
    }
  }
  return answers;
}

void expect_definitions(const Input& input, const std::vector<std::string>& names,
                        std::size_t lanes) {
  const auto calls = calls_on(input, names);
  const auto answer = group(input, calls, names.size(), lanes);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answers_of(*answer, input.key_types.size()), expected_answers(input, names));
}

const std::vector<DataType> kNumbers{
    plain(TypeId::UInt8),           plain(TypeId::Int64),   nullable(plain(TypeId::UInt32)),
    nullable(plain(TypeId::Int64)), plain(TypeId::Float32), nullable(plain(TypeId::Float64))};

TEST(GroupBy, AgreesWithTheDefinitionsOfNumbers) {
  const std::vector<std::string> names{"count", "sum", "avg",     "min",
                                       "max",   "any", "anyLast", "uniqExact"};
  for (const std::size_t groups : {1, 5, 3000}) {
    for (const std::size_t lanes : {1, 3}) {
      SCOPED_TRACE(testing::Message() << groups << " groups, " << lanes << " lanes");
      expect_definitions(random_input({plain(TypeId::UInt32)}, kNumbers, groups, 9, groups), names,
                         lanes);
      expect_definitions(random_input({}, kNumbers, groups, 9, groups), names, lanes);
      expect_definitions(random_input({nullable(plain(TypeId::String)), plain(TypeId::UInt8)},
                                      kNumbers, groups, 9, groups),
                         names, lanes);
    }
  }
}

TEST(GroupBy, AgreesWithTheDefinitionsOfOtherTypes) {
  DataType tuple = plain(TypeId::Tuple);
  tuple.elements = {plain(TypeId::UInt8), nullable(plain(TypeId::String))};
  const std::vector<DataType> types{plain(TypeId::String), nullable(plain(TypeId::String)),
                                    array_of(plain(TypeId::Int32)), tuple, plain(TypeId::DateTime)};
  const std::vector<std::string> names{"count", "min", "max", "any", "anyLast", "uniqExact"};
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    for (const std::size_t lanes : {1, 4}) {
      expect_definitions(random_input({plain(TypeId::Int16)}, types, 40, 8, seed), names, lanes);
      expect_definitions(random_input({}, types, 40, 8, seed), names, lanes);
    }
  }
}

// Enough groups to be merged by partitions.
TEST(GroupBy, SameAnswerForAnyNumberOfThreads) {
  const Input input =
      random_input({plain(TypeId::String), plain(TypeId::UInt32)}, kNumbers, 3000, 60, 5);
  const std::vector<std::string> names{"count", "sum", "avg", "any", "uniqExact"};
  const auto calls = calls_on(input, names);
  const auto rows_of = [&](std::size_t threads) {
    return with_threads(threads, [&] {
      std::vector<std::string> rows;
      const auto answer = group(input, calls, names.size(), 5);
      for (const Block& block : *answer) {
        for (std::size_t row = 0; row < block.rows; ++row) {
          std::string bytes;
          for (const ColumnPtr& column : block.columns) bytes += bytes_at(column, row);
          rows.push_back(bytes);
        }
      }
      return rows;
    });
  };
  const auto one = rows_of(1);
  EXPECT_GT(one.size(), 33'000);
  EXPECT_EQ(one, rows_of(2));
  EXPECT_EQ(one, rows_of(8));
  expect_definitions(input, names, 5);
}

TEST(GroupBy, OfNoRowsIsOneGroupWithoutKeysAndNoneWithKeys) {
  MemoryBudget budget(1 << 20);
  for (const bool with_key : {false, true}) {
    const AggregateCall calls[] = {call("count", {}), call("sum", {plain(TypeId::UInt8)}),
                                   call("max", {nullable(plain(TypeId::String))})};
    std::vector<GroupLane> lanes;
    std::vector<DataType> keys;
    if (with_key) keys.push_back(plain(TypeId::UInt8));
    for (int lane = 0; lane < 2; ++lane) lanes.emplace_back(keys, calls, budget);
    const auto answer = finish_groups(std::move(lanes), Stop(), budget);
    ASSERT_TRUE(answer.ok());
    if (with_key) {
      EXPECT_THAT(*answer, testing::IsEmpty());
      continue;
    }
    ASSERT_EQ(answer->size(), 1);
    const std::vector<ColumnPtr>& columns = (*answer)[0].columns;
    EXPECT_EQ(columns[0]->fixed<std::uint64_t>()[0], 0);
    EXPECT_EQ(columns[1]->fixed<std::uint64_t>()[0], 0);
    EXPECT_TRUE(columns[2]->is_null(0));
  }
}

TEST(GroupBy, StaysWithinItsBudget) {
  MemoryBudget budget(1 << 20);
  const AggregateCall calls[] = {call("count", {})};
  GroupLane lane({plain(TypeId::UInt64)}, calls, budget);
  RandomColumns random(1);
  absl::Status status;
  for (int block = 0; block < 100 && status.ok(); ++block) {
    const ColumnPtr keys[] = {random.column(plain(TypeId::UInt64), kBlockRows, 1'000'000'000)};
    status = lane.add(keys, {}, kBlockRows);
  }
  EXPECT_EQ(query_error_code(status), QueryErrorCode::MemoryLimitExceeded);
}

// Groups that are merged one after the other, and by partitions of their hashes.
TEST(GroupBy, AddsUpTheGroupsThatAreChosen) {
  constexpr std::size_t kRows = 10'000;
  const AggregateCall calls[] = {call("count", {}), call("sum", {plain(TypeId::UInt64)}),
                                 call("uniqExact", {plain(TypeId::UInt64)})};
  for (const std::uint64_t groups : {1, 7, 30'000}) {
    MemoryBudget budget(std::size_t{1} << 30);
    std::vector<GroupLane> lanes;
    std::set<std::uint64_t> values;
    std::uint64_t rows = 0;
    std::uint64_t sum = 0;
    for (std::uint64_t lane = 0; lane < 8; ++lane) {
      auto keys = new_fixed(plain(TypeId::UInt64), kRows);
      auto numbers = new_fixed(plain(TypeId::UInt64), kRows);
      for (std::uint64_t i = 0; i < kRows; ++i) {
        const std::uint64_t key = (lane * kRows + i) * 11 % groups;
        const std::uint64_t value = (lane + i) % 100;
        keys->fixed<std::uint64_t>()[i] = key;
        numbers->fixed<std::uint64_t>()[i] = value;
        if (key % 3 != 0) continue;
        ++rows;
        sum += value;
        values.insert(value);
      }
      lanes.emplace_back(std::vector<DataType>{plain(TypeId::UInt64)}, calls, budget);
      const std::vector<ColumnPtr> arguments{numbers, numbers};
      ASSERT_TRUE(lanes.back().add(std::vector<ColumnPtr>{keys}, arguments, kRows).ok());
    }
    const auto summable = SummableGroups::of(std::move(lanes), Stop(), budget);
    ASSERT_TRUE(summable.ok());
    std::vector<std::uint8_t> chosen;
    std::uint64_t rows_of_groups = 0;
    for (const Block& block : summable->blocks) {
      for (std::size_t row = 0; row < block.rows; ++row) {
        chosen.push_back(block.columns[0]->fixed<std::uint64_t>()[row] % 3 == 0 ? 1 : 0);
        rows_of_groups += block.columns[1]->fixed<std::uint64_t>()[row];
      }
    }
    EXPECT_EQ(chosen.size(), groups);
    EXPECT_EQ(rows_of_groups, 8 * kRows);
    const auto sums = summable->sum(chosen, Stop());
    ASSERT_TRUE(sums.ok());
    EXPECT_EQ((*sums)[0]->fixed<std::uint64_t>()[0], rows);
    EXPECT_EQ((*sums)[1]->fixed<std::uint64_t>()[0], sum);
    EXPECT_EQ((*sums)[2]->fixed<std::uint64_t>()[0], values.size());
    const auto nothing = summable->sum(std::vector<std::uint8_t>(groups, 0), Stop());
    ASSERT_TRUE(nothing.ok());
    EXPECT_EQ((*nothing)[0]->fixed<std::uint64_t>()[0], 0);
  }
}

TEST(GroupBy, StopsWhenAsked) {
  MemoryBudget budget(1 << 20);
  Stop stop;
  stop.request();
  std::vector<GroupLane> lanes;
  lanes.emplace_back(std::vector<DataType>{}, std::span<const AggregateCall>(), budget);
  const auto answer = finish_groups(std::move(lanes), stop, budget);
  EXPECT_EQ(query_error_code(answer.status()), QueryErrorCode::QueryWasCancelled);
}

}  // namespace
}  // namespace grapevine::sql
