#include "kernels/query/group_table.hpp"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/query/value_bytes.hpp"
#include "tests/kernels/query/random_columns.hpp"

namespace grapevine::sql {
namespace {

std::string key_bytes(std::span<const ColumnPtr> keys, std::size_t row) {
  std::string bytes;
  for (const ColumnPtr& key : keys) append_value(*key, row, bytes);
  return bytes;
}

// Groups numbered by a map of bytes.
class MapOfKeys {
 public:
  std::vector<std::uint32_t> assign(std::span<const ColumnPtr> keys, std::size_t rows) {
    std::vector<std::uint32_t> groups;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto next = static_cast<std::uint32_t>(groups_.size());
      const auto [at, is_new] = groups_.try_emplace(key_bytes(keys, i), next);
      if (is_new) order_.push_back(at->first);
      groups.push_back(at->second);
    }
    return groups;
  }
  std::vector<std::uint32_t> find(std::span<const ColumnPtr> keys, std::size_t rows) const {
    std::vector<std::uint32_t> groups;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto at = groups_.find(key_bytes(keys, i));
      groups.push_back(at == groups_.end() ? kNoRow : at->second);
    }
    return groups;
  }
  const std::vector<std::string>& order() const { return order_; }

 private:
  std::map<std::string, std::uint32_t> groups_;
  std::vector<std::string> order_;
};

std::vector<std::string> rows_of(const std::vector<ColumnPtr>& keys, std::size_t rows) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < rows; ++i) all.push_back(key_bytes(keys, i));
  return all;
}

// Blocks of keys of these types go through both; `values` different ones a column, about.
void expect_same_groups(const std::vector<DataType>& types, std::size_t values,
                        std::uint64_t seed) {
  SCOPED_TRACE(testing::Message() << name_of(types[0]) << " x" << types.size() << " values "
                                  << values << " seed " << seed);
  RandomColumns random(seed);
  const MadePool pools[] = {random_pool(values, 0), random_pool(values, values / 2)};
  GroupTable table(types);
  MapOfKeys expected;
  for (std::size_t block = 0; block < 12; ++block) {
    const std::size_t rows = block == 0 ? 1 : random.below(3000);
    std::vector<ColumnPtr> keys;
    for (const DataType& type : types) {
      const std::uint64_t kind = random.below(8);
      const MadePool* pool = seed % 3 == 0   ? nullptr
                             : seed % 3 == 1 ? &pools[0]
                             : kind < 5      ? &pools[kind % 2]
                                             : nullptr;
      ColumnPtr column = random.column(type, std::max<std::size_t>(rows, 1), values, pool);
      if (kind == 7) {
        keys.push_back(value_at(column, 0, rows));
      } else {
        keys.push_back(slice(column, 0, rows));
      }
    }
    if (block % 4 == 3) {
      std::vector<std::uint32_t> found(rows);
      table.find(keys, rows, found);
      ASSERT_EQ(found, expected.find(keys, rows));
      continue;
    }
    std::vector<std::uint32_t> groups(rows);
    table.assign(keys, rows, groups);
    ASSERT_EQ(groups, expected.assign(keys, rows));
  }
  ASSERT_EQ(table.size(), expected.order().size());
  const std::vector<ColumnPtr> keys = table.keys();
  for (std::size_t k = 0; k < keys.size(); ++k) {
    EXPECT_EQ(keys[k]->type, types[k]);
    EXPECT_EQ(keys[k]->rows, table.size());
  }
  EXPECT_EQ(rows_of(keys, table.size()), expected.order());
}

std::vector<DataType> with_and_without_null(std::vector<DataType> types) {
  std::vector<DataType> all = types;
  for (const DataType& type : types) {
    if (nullable(type) != type) all.push_back(nullable(type));
  }
  return all;
}

const std::vector<DataType>& types_of_keys() {
  static const std::vector<DataType> types = [] {
    DataType tuple = plain(TypeId::Tuple);
    tuple.elements = {nullable(plain(TypeId::String)), plain(TypeId::Int16)};
    DataType array = array_of(nullable(plain(TypeId::Float32)));
    DataType nested = array_of(tuple);
    std::vector<DataType> all = with_and_without_null(
        {plain(TypeId::Bool), plain(TypeId::UInt8), plain(TypeId::Int16), plain(TypeId::UInt32),
         plain(TypeId::Int64), plain(TypeId::Float32), plain(TypeId::Float64),
         plain(TypeId::String), plain(TypeId::Date), plain(TypeId::DateTime)});
    all.insert(all.end(), {tuple, array, nested});
    return all;
  }();
  return types;
}

TEST(GroupTable, AgreesWithAMapForEachType) {
  for (const DataType& type : types_of_keys()) {
    for (const std::size_t values : {1, 3, 300, 20'000}) {
      for (const std::uint64_t seed : {1, 2, 3}) expect_same_groups({type}, values, seed);
    }
  }
}

TEST(GroupTable, AgreesWithAMapForSeveralKeys) {
  RandomColumns random(7);
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::vector<DataType> types;
    const std::size_t count = 2 + random.below(4);
    for (std::size_t i = 0; i < count; ++i) {
      types.push_back(types_of_keys()[random.below(types_of_keys().size())]);
    }
    const std::size_t values[] = {1, 4, 60, 2000};
    expect_same_groups(types, values[random.below(4)], seed);
  }
}

TEST(GroupTable, HasOneGroupWithoutKeys) {
  GroupTable table({});
  std::vector<std::uint32_t> groups(5, 9);
  table.assign({}, 5, groups);
  EXPECT_THAT(groups, testing::Each(0));
  EXPECT_EQ(table.size(), 1);
}

TEST(GroupTable, TellsZerosApartAndNotNaNs) {
  auto column = new_fixed(plain(TypeId::Float64), 5);
  const double values[] = {0.0, -0.0, std::nan(""), -std::nan(""), 0.0};
  std::copy(std::begin(values), std::end(values), column->fixed<double>().begin());
  GroupTable table({plain(TypeId::Float64)});
  std::vector<std::uint32_t> groups(5);
  const ColumnPtr keys[] = {column};
  table.assign(keys, 5, groups);
  EXPECT_THAT(groups, testing::ElementsAre(0, 1, 2, 2, 0));
}

// Widening ranges, then values far away, then so many that an array is the smaller thing again.
TEST(GroupTable, KeepsGroupsWhileItChangesItsWays) {
  GroupTable table({plain(TypeId::UInt32)});
  MapOfKeys expected;
  std::uint32_t next = 1'000'000;
  for (std::size_t block = 0; block < 60; ++block) {
    auto column = new_fixed(plain(TypeId::UInt32), kBlockRows);
    for (std::uint32_t& value : column->fixed<std::uint32_t>()) value = next++;
    if (block == 10) column->fixed<std::uint32_t>()[5] = 0xFFFF'FFF0;
    const ColumnPtr keys[] = {column};
    std::vector<std::uint32_t> groups(kBlockRows);
    table.assign(keys, kBlockRows, groups);
    ASSERT_EQ(groups, expected.assign(keys, kBlockRows)) << block;
  }
}

}  // namespace
}  // namespace grapevine::sql
