#include "kernels/segment/derived_column.hpp"

#include <cmath>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/ascending_key.hpp"
#include "kernels/segment/column_builder.hpp"
#include "kernels/segment/quantile_groups.hpp"
#include "kernels/segment/run_range.hpp"

namespace grapevine {
namespace {

// Calls `body(number)` with an int64 or a double, if the customer has one; of a time with its
// milliseconds.
template <typename Body>
void with_number(const AttributeColumn& column, CustomerId customer, const Body& body) {
  const AttributeChunk* chunk = column.chunk_of(customer);
  const std::size_t slot = index(customer) % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return;
  if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&chunk->values)) {
    body((*whole)[slot]);
  } else if (const auto* real = std::get_if<std::vector<double>>(&chunk->values)) {
    body((*real)[slot]);
  } else if (const auto* times = std::get_if<std::vector<DateTime>>(&chunk->values)) {
    body((*times)[slot].ms);
  }
}

std::optional<double> real_of(const AttributeColumn& column, CustomerId customer) {
  std::optional<double> real;
  with_number(column, customer, [&](auto number) { real = static_cast<double>(number); });
  return real;
}

double apply(Arithmetic operation, double a, double b) {
  switch (operation) {
    case Arithmetic::Add: return a + b;
    case Arithmetic::Subtract: return a - b;
    case Arithmetic::Divide: return a / b;
  }
  return a;
}

std::optional<double> combined(Arithmetic operation,
                               std::span<const AttributeColumn* const> columns,
                               CustomerId customer) {
  std::optional<double> result = real_of(*columns.front(), customer);
  for (const AttributeColumn* column : columns.subspan(1)) {
    const auto operand = real_of(*column, customer);
    if (!result || !operand) return std::nullopt;
    result = apply(operation, *result, *operand) + 0.0;
  }
  return result && std::isfinite(*result) ? result : std::nullopt;
}

}  // namespace

std::shared_ptr<const AttributeColumn> combine_columns(
    Arithmetic operation, std::span<const AttributeColumn* const> columns,
    const CustomerSet& people) {
  ColumnBuilder<double> built(people.customers());
  for_each_block(people.customers(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const auto number = combined(operation, columns, CustomerId(static_cast<std::uint32_t>(i)));
      if (number) built.set(i, *number);
    }
  });
  return std::move(built).finish(people, ValueType::Float64);
}

std::shared_ptr<const AttributeColumn> group_column(const AttributeColumn& column,
                                                    const CustomerSet& people, std::size_t groups) {
  std::vector<std::uint64_t> keys;
  std::vector<CustomerId> of;
  people.for_each_member([&](CustomerId customer) {
    with_number(column, customer, [&](auto number) {
      keys.push_back(ascending_key(number));
      of.push_back(customer);
    });
  });
  const QuantileGroups divided(keys, groups);
  ColumnBuilder<std::int64_t> built(people.customers());
  for (std::size_t i = 0; i < of.size(); ++i) {
    built.set(index(of[i]), static_cast<std::int64_t>(divided.group_of(keys[i])));
  }
  return std::move(built).finish(people, ValueType::Int64);
}

std::shared_ptr<const AttributeColumn> time_column(std::span<const TimeMs> times,
                                                   const CustomerSet& people) {
  ColumnBuilder<std::int64_t> built(people.customers());
  for (std::size_t i = 0; i < people.customers(); ++i) {
    if (times[i] != kNever) built.set(i, times[i]);
  }
  return std::move(built).finish(people, ValueType::Int64);
}

}  // namespace grapevine
