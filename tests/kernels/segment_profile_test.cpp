#include <algorithm>
#include <map>
#include <random>
#include <span>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/segment/ascending_key.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/profile.hpp"
#include "kernels/segment/quantile_groups.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using ::grapevine::testing::RandomWorld;

TEST(QuantileGroups, AreTheRuleToTheLetter) {
  std::mt19937_64 random(1);
  for (const std::size_t n : {1, 2, 3, 4, 5, 9, 10, 11, 64, 1000}) {
    for (const std::size_t groups : {1, 2, 3, 5, 10, 100}) {
      for (const std::uint64_t range : {1, 3, 20, 1'000'000}) {
        std::vector<std::uint64_t> keys(n);
        for (std::uint64_t& key : keys) key = random() % range;
        const QuantileGroups divided(keys, groups);
        const std::span<const std::uint64_t> all = keys;
        const std::vector pieces{all.first(n / 3), all.subspan(n / 3, 0), all.subspan(n / 3)};
        const QuantileGroups by_pieces = QuantileGroups::of_pieces(pieces, groups);
        for (const std::uint64_t key : keys) {
          ASSERT_EQ(by_pieces.group_of(key), divided.group_of(key));
          const auto below =
              std::count_if(keys.begin(), keys.end(), [&](std::uint64_t k) { return k < key; });
          ASSERT_EQ(divided.group_of(key), 1 + groups * static_cast<std::size_t>(below) / n)
              << "n=" << n << " groups=" << groups << " range=" << range;
        }
      }
    }
  }
}

TEST(QuantileGroups, OfNothingAreNone) {
  EXPECT_EQ(QuantileGroups({}, 5).group_of(7), 1);
  EXPECT_EQ(QuantileGroups::of_pieces({}, 5).group_of(7), 1);
}

TEST(AscendingKey, KeepsTheOrderAndComesBack) {
  const double numbers[] = {-1e300, -2.5, -1e-310, 0.0, 1e-310, 2.5, 1e300};
  for (std::size_t i = 0; i < std::size(numbers); ++i) {
    EXPECT_EQ(double_of_key(ascending_key(numbers[i])), numbers[i]);
    EXPECT_TRUE(i == 0 || ascending_key(numbers[i - 1]) < ascending_key(numbers[i]));
  }
  EXPECT_EQ(ascending_key(-0.0), ascending_key(0.0));
  for (const std::int64_t whole : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
    EXPECT_EQ(int64_of_key(ascending_key(whole)), whole);
  }
}

// What a profile says, counted one customer at a time. Values are shown as texts.
struct Counted {
  std::map<std::string, SharedCount> values;
  SharedCount missing;
};

std::string shown(const AttributeColumn& column, CustomerId customer) {
  const AttributeChunk* chunk = column.chunk_of(customer);
  const std::size_t slot = index(customer) % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return "";
  return std::visit(
      [&](const auto& values) -> std::string {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<Value, DateTime>) {
          return std::to_string(values[slot].ms);
        } else if constexpr (sizeof(Value) == 4) {
          return std::string(column.dictionary->at(values[slot]));
        } else {
          return std::to_string(values[slot]);
        }
      },
      chunk->values);
}

TEST(Profile, AgreesWithCountingEachCustomer) {
  const Stop stop;
  for (const std::size_t customers : {1, 63, 64, 65, 4097, 9000}) {
    SCOPED_TRACE(customers);
    const RandomWorld world({.customers = customers, .events = 10, .seed = customers});
    const auto snapshot = world.snapshot();
    const CustomerSet base = people(snapshot->customers());
    CustomerSet segment(base.customers());
    base.for_each_member([&](CustomerId c) {
      if (index(c) % 3 == 1) segment.add(c);
    });
    std::vector<const AttributeColumn*> columns;
    for (const auto& column : snapshot->customers().attributes()) columns.push_back(column.get());
    const auto profiles = profile_attributes(columns, base, segment, {}, stop).value();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      SCOPED_TRACE(columns[i]->name);
      Counted counted;
      base.for_each_member([&](CustomerId c) {
        const std::string value = shown(*columns[i], c);
        SharedCount& count = value.empty() ? counted.missing : counted.values[value];
        ++count.base;
        count.segment += segment.has(c) ? 1 : 0;
      });
      const AttributeProfile& profile = profiles[i];
      EXPECT_EQ(profile.missing, counted.missing);
      SharedCount told = profile.other;
      for (const auto& [code, count] : profile.top) {
        const std::string value = columns[i]->dictionary != nullptr
                                      ? std::string(columns[i]->dictionary->at(code))
                                      : std::to_string(code);
        EXPECT_EQ(count, counted.values[value]) << value;
        told = {told.segment + count.segment, told.base + count.base};
      }
      for (const auto& bin : profile.bins) {
        SharedCount inside;
        for (const auto& [value, count] : counted.values) {
          const bool is_whole =
              columns[i]->type == ValueType::Int64 || columns[i]->type == ValueType::DateTime;
          const std::uint64_t key = is_whole ? ascending_key(std::int64_t{std::stoll(value)})
                                             : ascending_key(std::stod(value));
          if (key < bin.least || key > bin.most) continue;
          inside = {inside.segment + count.segment, inside.base + count.base};
        }
        EXPECT_EQ(bin.count, inside);
        told = {told.segment + bin.count.segment, told.base + bin.count.base};
      }
      EXPECT_EQ(told.base + profile.missing.base, base.count()) << "everyone is counted once";
      EXPECT_EQ(told.segment + profile.missing.segment, segment.count());
    }
  }
}

TEST(Profile, TheMostFrequentOfTheSegmentComeFirst) {
  const Stop stop;
  const RandomWorld world({.customers = 3000, .events = 10, .seed = 5});
  const auto snapshot = world.snapshot();
  const CustomerSet base = people(snapshot->customers());
  CustomerSet segment(base.customers());
  for (std::uint32_t i = 0; i < 700; ++i) segment.add(CustomerId(i));
  const AttributeColumn* phone = snapshot->customers().attribute("email");
  const AttributeProfile whole =
      profile_attributes({{phone}}, base, segment, {.top_max = 1'000'000}, stop).value()[0];
  const AttributeProfile top = profile_attributes({{phone}}, base, segment, {}, stop).value()[0];
  ASSERT_EQ(top.top.size(), 10U);
  EXPECT_TRUE(std::equal(top.top.begin(), top.top.end(), whole.top.begin()));
  EXPECT_EQ(whole.other_values, 0U);
  EXPECT_EQ(top.other_values, whole.top.size() - 10);
  EXPECT_TRUE(std::is_sorted(whole.top.begin(), whole.top.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.segment, a.second.base) > std::pair(b.second.segment, b.second.base);
  }));
}

TEST(Profile, SameForAnyNumberOfThreads) {
  const Stop stop;
  const RandomWorld world({.customers = 20'000, .events = 10, .seed = 6});
  const auto snapshot = world.snapshot();
  const CustomerSet base = people(snapshot->customers());
  std::vector<const AttributeColumn*> columns;
  for (const auto& column : snapshot->customers().attributes()) columns.push_back(column.get());
  const auto with_threads = [&](std::size_t threads) {
    tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    std::vector<std::uint64_t> told;
    const auto profiles = profile_attributes(columns, base, base, {}, stop).value();
    for (const AttributeProfile& profile : profiles) {
      for (const auto& bin : profile.bins) told.insert(told.end(), {bin.least, bin.count.base});
      for (const auto& [code, count] : profile.top) told.insert(told.end(), {code, count.base});
    }
    return told;
  };
  EXPECT_EQ(with_threads(1), with_threads(2));
  EXPECT_EQ(with_threads(1), with_threads(8));
}

}  // namespace
}  // namespace grapevine
