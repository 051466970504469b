#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Columns of values that surprise: NULL, NaN, -0.0, infinities, empty texts, few and many values.
class RandomColumns {
 public:
  explicit RandomColumns(std::uint64_t seed) : draw_(seed) {}

  std::uint64_t below(std::uint64_t most) { return draw_() % most; }

  /// `values`: how many different ones, about. Texts stand in `pool` where one is given.
  ColumnPtr column(const DataType& type, std::size_t rows, std::size_t values,
                   const MadePool* pool = nullptr) {
    std::vector<std::uint8_t> nulls;
    if (type.nullable) {
      for (std::size_t i = 0; i < rows; ++i) nulls.push_back(below(5) == 0 ? 1 : 0);
    }
    if (type.id == TypeId::String && pool != nullptr) {
      auto column = std::make_shared<Column>();
      PooledValues pooled;
      pooled.pool = pool->pool;
      for (std::size_t i = 0; i < rows; ++i) {
        pooled.codes.push_back(
            static_cast<std::uint32_t>(below(std::min(values, pool->pool->size()))));
      }
      column->type = type;
      column->rows = rows;
      column->values = std::move(pooled);
      column->nulls = std::move(nulls);
      return column;
    }
    if (type.id == TypeId::String) {
      TextBuilder texts(rows);
      for (std::size_t i = 0; i < rows; ++i) texts.add(text(below(values)));
      return std::move(texts).finish(type.nullable, std::move(nulls));
    }
    if (type.id == TypeId::Array) {
      ArrayValues array;
      std::uint64_t end = 0;
      for (std::size_t i = 0; i < rows; ++i) array.ends.push_back(end += below(3));
      array.elements = column(type.elements[0], end, values, pool);
      return of(type, rows, std::move(array));
    }
    if (type.id == TypeId::Tuple) {
      TupleValues tuple;
      for (const DataType& element : type.elements) {
        tuple.elements.push_back(column(element, rows, values, pool));
      }
      return of(type, rows, std::move(tuple));
    }
    auto column = new_fixed(type, rows);
    column->nulls = std::move(nulls);
    fill(*column, values);
    return column;
  }

  static std::string text(std::uint64_t number) {
    return number == 0 ? std::string() : "text " + std::to_string(number * 7919 % 1000003);
  }

 private:
  template <typename Values>
  static ColumnPtr of(const DataType& type, std::size_t rows, Values values) {
    auto column = std::make_shared<Column>();
    column->type = type;
    column->rows = rows;
    column->values = std::move(values);
    return column;
  }

  template <typename Float>
  Float real(std::uint64_t values) {
    using Limits = std::numeric_limits<Float>;
    const std::uint64_t number = below(values + 5);
    switch (number) {
      case 0: return Limits::quiet_NaN();
      case 1: return Float(-0.0);
      case 2: return Float(0.0);
      case 3: return Limits::infinity();
      case 4: return -Limits::quiet_NaN();
      default: return (static_cast<Float>(number) - static_cast<Float>(values) / 2) / Float(7);
    }
  }

  template <typename Value>
  void integers(Column& column, std::uint64_t values) {
    for (Value& value : column.fixed<Value>()) {
      const std::uint64_t number = below(values);
      // Half of the time close together, else spread.
      value = static_cast<Value>(number % 2 == 0 ? number - values / 2
                                                 : number * 0x9E3779B97F4A7C15ULL);
    }
  }

  void fill(Column& column, std::uint64_t values) {
    if (column.type.id == TypeId::Float32) {
      for (float& value : column.fixed<float>()) value = real<float>(values);
      return;
    }
    if (column.type.id == TypeId::Float64) {
      for (double& value : column.fixed<double>()) value = real<double>(values);
      return;
    }
    if (column.type.id == TypeId::Bool) values = 2;
    switch (width_of(column.type.id)) {
      case 1: return integers<std::uint8_t>(column, column.type.id == TypeId::Bool ? 1 : values);
      case 2: return integers<std::uint16_t>(column, values);
      case 4: return integers<std::uint32_t>(column, values);
      default: return integers<std::uint64_t>(column, values);
    }
  }

  std::mt19937_64 draw_;
};

/// A pool of `size` of the texts that random columns have, the first of them shifted by `offset`.
inline MadePool random_pool(std::size_t size, std::size_t offset) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < size; ++i) texts.push_back(RandomColumns::text(i + offset));
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  return make_pool(views);
}

}  // namespace grapevine::sql
