#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/segment/member_order.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using testing::RandomWorld;

// A customer's value as something that compares; nullopt: none.
using Key = std::optional<std::variant<std::int64_t, double, std::string>>;

Key key_of(const AttributeColumn& column, CustomerId customer) {
  const AttributeChunk* chunk = column.chunk_of(customer);
  const std::size_t slot = index(customer) % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return std::nullopt;
  if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&chunk->values)) {
    return (*whole)[slot];
  }
  if (const auto* real = std::get_if<std::vector<double>>(&chunk->values)) return (*real)[slot];
  if (const auto* truth = std::get_if<std::vector<std::uint8_t>>(&chunk->values)) {
    return std::int64_t{(*truth)[slot]};
  }
  const auto code = std::get<std::vector<std::uint32_t>>(chunk->values)[slot];
  return std::string(column.dictionary->at(code));
}

std::vector<CustomerId> order_reference(const Snapshot& snapshot, const CustomerSet& members,
                                        const AttributeColumn* column, bool descending) {
  std::vector<CustomerId> ordered;
  members.for_each_member([&](CustomerId customer) { ordered.push_back(customer); });
  std::sort(ordered.begin(), ordered.end(), [&](CustomerId a, CustomerId b) {
    const auto id_a = snapshot.customers().external_id(a);
    const auto id_b = snapshot.customers().external_id(b);
    if (column == nullptr) return descending ? id_a > id_b : id_a < id_b;
    const Key key_a = key_of(*column, a);
    const Key key_b = key_of(*column, b);
    if (key_a.has_value() != key_b.has_value()) return key_a.has_value();
    if (key_a != key_b) return descending ? *key_a > *key_b : *key_a < *key_b;
    return id_a < id_b;
  });
  return ordered;
}

TEST(MemberOrder, PagesOfAnySizeMakeTheSameOrder) {
  RandomWorld world({.customers = 6000, .events = 0, .batches = 1});
  const auto snapshot = world.snapshot();
  CustomerSet members(snapshot->customers().count());
  for (std::uint32_t i = 0; i < 6000; ++i) {
    if (i % 7 != 0) members.add(CustomerId(i));
  }
  for (const char* name : {"", "age", "spend", "vip", "region", "email"}) {
    for (const bool descending : {false, true}) {
      const AttributeColumn* column = snapshot->customers().attribute(name);
      OrderBy order_by{.key = {}, .descending = descending};
      if (column != nullptr) order_by.key = column;
      const auto expected = order_reference(*snapshot, members, column, descending);
      for (const std::size_t page : {1000U, 3000U, 10'000U}) {
        SCOPED_TRACE(::testing::Message() << name << " by " << page << " down " << descending);
        MemberOrder order(snapshot->customers(), members, order_by);
        std::vector<CustomerId> read;
        for (std::size_t begin = 0; begin < order.size(); begin += page) {
          const auto rows = order.page(begin, begin + page);
          read.insert(read.end(), rows.begin(), rows.end());
        }
        EXPECT_EQ(read, expected);
      }
    }
  }
}

TEST(MemberOrder, LastPageFirstIsTheSame) {
  RandomWorld world({.customers = 5000, .events = 0, .batches = 1});
  const auto snapshot = world.snapshot();
  const CustomerSet all = CustomerSet::everyone(snapshot->customers().count());
  const OrderBy by_age{.key = snapshot->customers().attribute("age"), .descending = false};
  MemberOrder forwards(snapshot->customers(), all, by_age);
  MemberOrder backwards(snapshot->customers(), all, by_age);
  const auto last = backwards.page(4990, 5000);
  const auto first = backwards.page(0, 10);
  EXPECT_EQ(first, forwards.page(0, 10));
  EXPECT_EQ(last, forwards.page(4990, 5000));
  EXPECT_TRUE(forwards.page(5000, 6000).empty());
}

TEST(MemberOrder, NobodyMakesAnEmptyList) {
  RandomWorld world({.customers = 10, .events = 0, .batches = 1});
  const auto snapshot = world.snapshot();
  MemberOrder order(snapshot->customers(), CustomerSet(10), {});
  EXPECT_TRUE(order.page(0, 100).empty());
}

}  // namespace
}  // namespace grapevine
