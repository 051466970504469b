// Aggregates against the answers that ClickHouse gave; see aggregate_answers.mjs.

#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/query/aggregate.hpp"
#include "kernels/query/group_by.hpp"
#include "kernels/query/visit_stored.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kRows = 400;

template <typename Value, typename Formula>
ColumnPtr numbers(TypeId type, const Formula& formula) {
  auto column = new_fixed(plain(type), kRows);
  for (std::size_t n = 0; n < kRows; ++n) {
    column->fixed<Value>()[n] = static_cast<Value>(formula(static_cast<std::int64_t>(n)));
  }
  return column;
}

template <typename Formula>
ColumnPtr with_null_where(const ColumnPtr& column, const Formula& is_null) {
  std::vector<std::uint32_t> rows(kRows);
  for (std::uint32_t n = 0; n < kRows; ++n) rows[n] = is_null(n) ? kNoRow : n;
  std::vector<std::uint32_t> all(kRows);
  const auto own = std::const_pointer_cast<Column>(gather(column, rows));
  own->type = nullable(own->type);
  own->nulls.resize(kRows);
  for (std::uint32_t n = 0; n < kRows; ++n) own->nulls[n] = is_null(n) ? 1 : 0;
  return own;
}

ColumnPtr texts(bool pooled) {
  std::vector<std::string> all;
  for (std::size_t n = 0; n < kRows; ++n) all.push_back("s" + std::to_string(n * 5 % 23));
  if (pooled) {
    MadePool pool = make_pool(std::vector<std::string_view>(all.begin(), all.end()));
    auto column = std::make_shared<Column>();
    column->type = plain(TypeId::String);
    column->rows = kRows;
    column->values = PooledValues{pool.codes, pool.pool};
    return column;
  }
  TextBuilder builder(kRows);
  for (const std::string& text : all) builder.add(text);
  return std::move(builder).finish(false);
}

ColumnPtr ranges() {
  auto column = std::make_shared<Column>();
  ArrayValues array;
  std::vector<std::uint8_t> elements;
  for (std::size_t n = 0; n < kRows; ++n) {
    for (std::uint8_t i = 0; i < n % 4; ++i) elements.push_back(i);
    array.ends.push_back(elements.size());
  }
  auto values = new_fixed(plain(TypeId::UInt8), elements.size());
  std::copy(elements.begin(), elements.end(), values->fixed<std::uint8_t>().begin());
  array.elements = values;
  column->type = array_of(plain(TypeId::UInt8));
  column->rows = kRows;
  column->values = std::move(array);
  return column;
}

using Columns = std::map<std::string, ColumnPtr>;

Columns columns_of_rows(bool pooled) {
  Columns all;
  all["n"] = numbers<std::uint64_t>(TypeId::UInt64, [](auto n) { return n; });
  all["g"] = numbers<std::uint16_t>(TypeId::UInt16, [](auto n) { return n * 7919 % 5; });
  all["u8"] = numbers<std::uint8_t>(TypeId::UInt8, [](auto n) { return n * 31 % 251; });
  all["i16"] = numbers<std::int16_t>(TypeId::Int16, [](auto n) { return n * 173 % 600 - 300; });
  all["i64"] = numbers<std::int64_t>(TypeId::Int64, [](auto n) { return n * n * n - 500000; });
  all["f64"] =
      numbers<double>(TypeId::Float64, [](auto n) { return static_cast<double>(n) / 7 - 20; });
  all["f32"] =
      numbers<float>(TypeId::Float32, [](auto n) { return static_cast<float>(n % 13) / 4; });
  all["s"] = texts(pooled);
  all["ns"] = with_null_where(all["s"], [](std::uint32_t n) { return n % 4 == 0; });
  all["ni"] =
      with_null_where(numbers<std::int32_t>(TypeId::Int32, [](auto n) { return n % 50 - 25; }),
                      [](std::uint32_t n) { return n % 3 == 0; });
  all["t"] = numbers<std::uint32_t>(TypeId::UInt32, [](auto n) { return n * 613 % 500; });
  all["d"] = numbers<std::uint16_t>(TypeId::Date, [](auto n) { return n * 37 % 900 + 18000; });
  all["dt"] =
      numbers<std::uint32_t>(TypeId::DateTime, [](auto n) { return n * 613 % 5000 + 1700000000; });
  all["c1"] = numbers<std::uint8_t>(TypeId::UInt8, [](auto n) { return n * 11 % 7 < 2; });
  all["c2"] = numbers<std::uint8_t>(TypeId::UInt8, [](auto n) { return n * 5 % 11 < 3; });
  all["c3"] = numbers<std::uint8_t>(TypeId::UInt8, [](auto n) { return n * 3 % 13 < 3; });
  all["nf"] = numbers<double>(TypeId::Float64, [](auto n) {
    return n % 10 == 0 ? std::nan("") : static_cast<double>(n) / 3;
  });
  all["a"] = ranges();
  const auto is_above = [&](std::int64_t bound) {
    return with_null_where(
        numbers<std::uint8_t>(TypeId::UInt8, [&](auto n) { return n % 50 - 25 > bound; }),
        [](std::uint32_t n) { return n % 3 == 0; });
  };
  all["ni > 0"] = is_above(0);
  all["ni > 20"] = is_above(20);
  all["n < 2"] = numbers<std::uint8_t>(TypeId::UInt8, [](auto n) { return n < 2; });
  all["n > 1000"] = numbers<std::uint8_t>(TypeId::UInt8, [](auto) { return 0; });
  return all;
}

std::vector<std::string> split(const std::string& text, const std::string& by) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find(by, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string::npos) return parts;
    begin = end + by.size();
  }
}

// A call as it stands in SQL: name(parameters)(arguments).
struct Call {
  std::string name;
  std::vector<ColumnPtr> parameters;
  std::vector<std::string> arguments;
  bool distinct = false;
};

Call parse(const std::string& text) {
  Call call;
  call.name = text.substr(0, text.find('('));
  std::string arguments = text.substr(call.name.size());
  // The pattern of a sequence has parentheses of its own.
  const std::size_t second = arguments.rfind(")(");
  if (second != std::string::npos) {
    for (const std::string& parameter : split(arguments.substr(1, second - 1), ", ")) {
      if (parameter.starts_with('\'')) {
        call.parameters.push_back(constant_text(parameter.substr(1, parameter.size() - 2)));
      } else if (parameter.find('.') != std::string::npos) {
        call.parameters.push_back(constant_fixed(plain(TypeId::Float64), std::stod(parameter)));
      } else {
        call.parameters.push_back(
            constant_fixed<std::uint64_t>(plain(TypeId::UInt64), std::stoull(parameter)));
      }
    }
    arguments = arguments.substr(second + 1);
  }
  arguments = arguments.substr(1, arguments.size() - 2);
  if (arguments.starts_with("DISTINCT ")) {
    call.distinct = true;
    arguments = arguments.substr(9);
  }
  if (!arguments.empty()) call.arguments = split(arguments, ", ");
  return call;
}

// A value as TabSeparated has it; dates and times as seconds.
std::string shown(const Column& column, std::size_t row, bool quoted = false) {
  if (column.type.id == TypeId::Nothing || column.is_null(row)) return quoted ? "NULL" : "\\N";
  const std::size_t slot = column.slot(row);
  if (column.type.id == TypeId::String) {
    return quoted ? "'" + std::string(column.text(row)) + "'" : std::string(column.text(row));
  }
  if (column.type.id == TypeId::Array) {
    const ArrayValues& array = column.array();
    std::string text = "[";
    for (std::size_t i = slot == 0 ? 0 : array.ends[slot - 1]; i < array.ends[slot]; ++i) {
      if (text.size() > 1) text += ",";
      text += shown(*array.elements, i, true);
    }
    return text + "]";
  }
  return visit_stored(column.type.id, [&]<typename Value>(Value) {
    const Value value = column.fixed<Value>()[slot];
    if constexpr (std::is_floating_point_v<Value>) {
      if (std::isnan(value)) return std::string("nan");
      char buffer[64];
      const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
      return std::string(buffer, end.ptr);
    } else {
      return std::to_string(column.type.id == TypeId::Date
                                ? static_cast<std::int64_t>(value) * 86400
                                : static_cast<std::int64_t>(value));
    }
  });
}

bool is_about(const std::string& a, const std::string& b, double tolerance) {
  if (a == b) return true;
  const std::vector<std::string> parts_a = split(a, ",");
  const std::vector<std::string> parts_b = split(b, ",");
  if (parts_a.size() != parts_b.size()) return false;
  for (std::size_t i = 0; i < parts_a.size(); ++i) {
    const auto number = [](std::string text, double& value) {
      std::erase_if(text, [](char c) { return c == '[' || c == ']'; });
      const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
      return end.ec == std::errc() && end.ptr == text.data() + text.size();
    };
    double x = 0;
    double y = 0;
    if (parts_a[i] == parts_b[i]) continue;
    if (!number(parts_a[i], x) || !number(parts_b[i], y)) return false;
    if (!(std::abs(x - y) <= tolerance * std::max({1.0, std::abs(x), std::abs(y)}))) return false;
  }
  return true;
}

class AggregateAnswers : public testing::TestWithParam<bool> {};

TEST_P(AggregateAnswers, AreThoseOfClickHouse) {
  const Columns columns = columns_of_rows(GetParam());
  std::ifstream file(GRAPEVINE_SOURCE_DIR "/tests/data/sql/aggregates.tsv");
  ASSERT_TRUE(file.is_open());
  std::size_t calls = 0;
  for (std::string line; std::getline(file, line); ++calls) {
    const std::vector<std::string> fields = split(line, "\t");
    ASSERT_EQ(fields.size(), 8) << line;
    SCOPED_TRACE(fields[0]);
    const Call call = parse(fields[0]);
    std::vector<DataType> types;
    std::vector<ColumnPtr> arguments;
    for (const std::string& name : call.arguments) {
      ASSERT_TRUE(columns.contains(name)) << name;
      arguments.push_back(columns.at(name));
      types.push_back(arguments.back()->type);
    }
    const auto aggregate = make_aggregate(call.name, call.parameters, types, call.distinct);
    if (!aggregate.ok()) {
      ADD_FAILURE() << aggregate.status();
      continue;
    }
    EXPECT_EQ(name_of((*aggregate)->type()), fields[1]);
    // Sums of Float32 are doubles here, and are not there.
    const double tolerance = fields[1].find("Float32") == std::string::npos ? 1e-9 : 1e-4;
    const AggregateCall calls_of_lane[] = {{*aggregate, arguments.size()}};
    MemoryBudget budget(std::size_t{1} << 30);
    for (const std::size_t lanes : {1, 3}) {
      for (const bool grouped : {true, false}) {
        // Groups of all rows, or none of a single group.
        std::vector<GroupLane> all;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          std::vector<DataType> keys;
          if (grouped) keys.push_back(plain(TypeId::UInt16));
          all.emplace_back(keys, calls_of_lane, budget);
          if (!grouped) continue;
          const std::size_t begin = kRows * lane / lanes;
          const std::size_t end = kRows * (lane + 1) / lanes;
          std::vector<ColumnPtr> parts;
          for (const ColumnPtr& argument : arguments) parts.push_back(slice(argument, begin, end));
          const ColumnPtr key[] = {slice(columns.at("g"), begin, end)};
          ASSERT_TRUE(all.back().add(key, parts, end - begin).ok());
        }
        const auto blocks = finish_groups(std::move(all), Stop(), budget);
        ASSERT_TRUE(blocks.ok()) << blocks.status();
        ASSERT_EQ(blocks->size(), 1);
        const Block& block = (*blocks)[0];
        EXPECT_EQ(name_of(block.columns.back()->type), fields[1]);
        if (!grouped) {
          EXPECT_EQ(shown(*block.columns[0], 0), fields[7]) << "of no rows";
          continue;
        }
        ASSERT_EQ(block.rows, 5);
        for (std::size_t row = 0; row < 5; ++row) {
          const std::string& expected = fields[2 + block.columns[0]->fixed<std::uint16_t>()[row]];
          const std::string answer = shown(*block.columns[1], row);
          EXPECT_TRUE(is_about(answer, expected, tolerance)) << answer << "\n" << expected;
        }
      }
    }
  }
  EXPECT_GT(calls, 500);
}

INSTANTIATE_TEST_SUITE_P(TextsAndPools, AggregateAnswers, testing::Bool());

}  // namespace
}  // namespace grapevine::sql
