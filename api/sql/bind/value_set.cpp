#include "api/sql/bind/value_set.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

bool any_null(std::span<const ColumnPtr> columns, std::size_t row) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const ColumnPtr& column) { return column->is_null(row); });
}

std::vector<DataType> nullable_of(const std::vector<DataType>& types) {
  std::vector<DataType> keys;
  for (const DataType& type : types) keys.push_back(nullable(type));
  return keys;
}

std::size_t rows_of(std::span<const Block> blocks) {
  std::size_t rows = 0;
  for (const Block& block : blocks) rows += block.rows;
  return rows;
}

}  // namespace

ValueSet::ValueSet(std::vector<DataType> types, std::span<const Block> rows)
    : types_(std::move(types)), table_(nullable_of(types_), rows_of(rows)) {
  if (take_codes(rows)) return;
  std::call_once(is_filled_, [&] { fill_table(rows); });
  size_ = table_.size();
}

bool ValueSet::take_codes(std::span<const Block> rows) {
  if (types_.size() != 1) return false;
  for (const Block& block : rows) {
    const PooledValues* strings = block.columns[0]->pooled();
    if (strings == nullptr || (pool_ != nullptr && strings->pool != pool_)) {
      pool_ = nullptr;
      return false;
    }
    pool_ = strings->pool;
  }
  if (pool_ == nullptr) return false;
  auto known = std::make_shared<std::vector<std::uint8_t>>(pool_->size());
  for (const Block& block : rows) {
    const Column& column = *block.columns[0];
    const auto& codes = column.pooled()->codes;
    for (std::size_t row = 0; row < block.rows; ++row) {
      if (!column.is_null(row)) (*known)[codes[column.slot(row)]] = 1;
    }
  }
  for (const std::uint8_t is_in : *known) size_ += is_in;
  of_pool_ = std::move(known);
  return true;
}

const GroupTable& ValueSet::table() const {
  std::call_once(is_filled_, [this] {
    PooledValues values{{}, pool_};
    for (std::uint32_t code = 0; code < of_pool_->size(); ++code) {
      if ((*of_pool_)[code] != 0) values.codes.push_back(code);
    }
    auto column = std::make_shared<Column>();
    column->type = types_[0];
    column->rows = values.codes.size();
    column->values = std::move(values);
    const Block block{column->rows, {std::move(column)}};
    fill_table({&block, 1});
  });
  return table_;
}

void ValueSet::fill_table(std::span<const Block> rows) const {
  std::vector<std::uint32_t> groups;
  for (const Block& block : rows) {
    std::vector<std::uint8_t> kept(block.rows, 1);
    std::size_t count = 0;
    for (std::size_t row = 0; row < block.rows; ++row) {
      kept[row] = any_null(block.columns, row) ? 0 : 1;
      count += kept[row];
    }
    if (count == 0) continue;
    std::vector<ColumnPtr> columns;
    for (const ColumnPtr& column : block.columns) {
      columns.push_back(count == block.rows ? column : filter(column, kept, count));
    }
    groups.resize(count);
    table_.assign(columns, count, groups);
  }
}

void ValueSet::find(std::span<const ColumnPtr> columns, std::size_t rows,
                    std::span<std::uint8_t> is_in) const {
  if (columns.size() == 1 && columns[0]->pooled() != nullptr) {
    const Column& column = *columns[0];
    const auto known = of_pool(column.pooled()->pool);
    const auto& codes = column.pooled()->codes;
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t slot = column.slot(row);
      const bool null = !column.nulls.empty() && column.nulls[slot] != 0;
      is_in[row] = null || codes[slot] >= known->size() ? 0 : (*known)[codes[slot]];
    }
    return;
  }
  std::vector<std::uint32_t> groups(rows);
  table().find(columns, rows, groups);
  for (std::size_t row = 0; row < rows; ++row) {
    is_in[row] = groups[row] != kNoRow && !any_null(columns, row) ? 1 : 0;
  }
}

std::shared_ptr<const std::vector<std::uint8_t>> ValueSet::of_pool(
    const std::shared_ptr<const StringPool>& pool) const {
  if (pool == pool_) return of_pool_;
  const std::scoped_lock lock(mutex_);
  auto& [kept, known] = pools_[pool.get()];
  if (known == nullptr) {
    auto made = std::make_shared<std::vector<std::uint8_t>>(pool->size());
    const std::vector<ColumnPtr> keys = table().keys();
    for (std::size_t row = 0; row < size_; ++row) {
      if (const auto* own = keys[0]->pooled(); own != nullptr && own->pool == pool) {
        (*made)[own->codes[row]] = 1;
      } else if (const auto code = pool->find(keys[0]->text(row)); code && *code < made->size()) {
        (*made)[*code] = 1;
      }
    }
    kept = pool;
    known = std::move(made);
  }
  return known;
}

}  // namespace grapevine::sql
