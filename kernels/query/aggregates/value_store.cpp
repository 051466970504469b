#include "kernels/query/aggregates/value_store.hpp"

#include <cstring>
#include <utility>

#include "kernels/query/sort_rows.hpp"
#include "kernels/query/visit_stored.hpp"

namespace grapevine::sql {
namespace {

template <typename Value>
int compare_numbers(Value a, Value b) {
  if constexpr (std::is_floating_point_v<Value>) {
    const bool a_is_nan = a != a;
    const bool b_is_nan = b != b;
    if (a_is_nan || b_is_nan) return static_cast<int>(a_is_nan) - static_cast<int>(b_is_nan);
  }
  return a < b ? -1 : (b < a ? 1 : 0);
}

}  // namespace

void ValueStore::resize(std::size_t groups) {
  has_.resize(groups);
  if (width_ > 0) {
    fixed_.resize(groups * width_);
  } else if (type_.id != TypeId::String) {
    complex_.resize(groups);
  } else if (uses_pool_) {
    codes_.resize(groups);
  } else {
    texts_.resize(groups);
  }
}

void ValueStore::set(std::size_t group, const ColumnPtr& from, std::size_t row) {
  const Column& column = *from;
  has_[group] = 1;
  if (width_ > 0) {
    const char* const values = std::get<FixedValues>(column.values).data<char>();
    std::memcpy(fixed_.data() + group * width_, values + column.slot(row) * width_, width_);
    return;
  }
  if (type_.id != TypeId::String) {
    complex_[group] = value_at(from, row);
    return;
  }
  if (uses_pool_) {
    const PooledValues* pooled = column.pooled();
    if (pooled != nullptr && pool_ == nullptr) pool_ = pooled->pool;
    if (pooled != nullptr && pool_ == pooled->pool) {
      codes_[group] = pooled->codes[column.slot(row)];
      return;
    }
    has_[group] = 0;
    forget_pool();
    has_[group] = 1;
  }
  const std::string_view text = column.text(row);
  heap_bytes_ += text.size();
  texts_[group].assign(text);
}

void ValueStore::set(std::size_t group, const ValueStore& other, std::size_t from) {
  has_[group] = 1;
  if (width_ > 0) {
    std::memcpy(fixed_.data() + group * width_, other.fixed_.data() + from * width_, width_);
    return;
  }
  if (type_.id != TypeId::String) {
    complex_[group] = other.complex_[from];
    return;
  }
  if (uses_pool_ && other.uses_pool_) {
    if (pool_ == nullptr) pool_ = other.pool_;
    if (pool_ == other.pool_) {
      codes_[group] = other.codes_[from];
      return;
    }
  }
  if (uses_pool_) {
    has_[group] = 0;
    forget_pool();
    has_[group] = 1;
  }
  const std::string_view text = other.text(from);
  heap_bytes_ += text.size();
  texts_[group].assign(text);
}

// Codes become texts.
void ValueStore::forget_pool() {
  texts_.resize(has_.size());
  for (std::size_t group = 0; group < has_.size(); ++group) {
    if (has_[group] == 0) continue;
    texts_[group].assign(pool_->at(codes_[group]));
    heap_bytes_ += texts_[group].size();
  }
  codes_ = {};
  uses_pool_ = false;
}

std::string_view ValueStore::text(std::size_t group) const {
  return uses_pool_ ? pool_->at(codes_[group]) : std::string_view(texts_[group]);
}

int ValueStore::compare(const Column& column, std::size_t row, std::size_t group) const {
  if (type_.id == TypeId::String) return column.text(row).compare(text(group));
  if (width_ == 0) return compare_values(column, row, *complex_[group], 0);
  return visit_stored(type_.id, [&]<typename Value>(Value own) {
    std::memcpy(&own, fixed_.data() + group * width_, sizeof own);
    return compare_numbers(column.fixed<Value>()[column.slot(row)], own);
  });
}

int ValueStore::compare(const ValueStore& other, std::size_t from, std::size_t group) const {
  if (type_.id == TypeId::String) return other.text(from).compare(text(group));
  if (width_ == 0) return compare_values(*other.complex_[from], 0, *complex_[group], 0);
  return visit_stored(type_.id, [&]<typename Value>(Value own) {
    Value others;
    std::memcpy(&own, fixed_.data() + group * width_, sizeof own);
    std::memcpy(&others, other.fixed_.data() + from * width_, sizeof others);
    return compare_numbers(others, own);
  });
}

ColumnPtr ValueStore::values() const {
  if (width_ > 0) {
    auto column = new_fixed(type_, has_.size());
    if (!fixed_.empty()) {
      std::memcpy(std::get<FixedValues>(column->values).data<char>(), fixed_.data(), fixed_.size());
    }
    return column;
  }
  if (type_.id != TypeId::String) return complex_values();
  bool all = true;
  for (const std::uint8_t has : has_) all = all && has != 0;
  if (uses_pool_ && pool_ != nullptr && all) {
    auto column = std::make_shared<Column>();
    column->type = type_;
    column->rows = has_.size();
    column->values = PooledValues{codes_, pool_};
    return column;
  }
  TextBuilder texts(has_.size());
  for (std::size_t group = 0; group < has_.size(); ++group) {
    texts.add(has_[group] != 0 ? text(group) : std::string_view());
  }
  return std::move(texts).finish(false);
}

ColumnPtr ValueStore::complex_values() const {
  const ColumnPtr nothing = constant_default(type_, 1);
  std::vector<ColumnPtr> columns;
  columns.reserve(has_.size());
  for (std::size_t group = 0; group < has_.size(); ++group) {
    columns.push_back(has_[group] != 0 ? complex_[group] : nothing);
  }
  return concatenate(type_, columns);
}

std::size_t ValueStore::bytes() const {
  return has_.capacity() + fixed_.capacity() + codes_.capacity() * sizeof(codes_[0]) +
         texts_.capacity() * sizeof(std::string) + heap_bytes_ +
         complex_.capacity() * (sizeof(ColumnPtr) + sizeof(Column));
}

}  // namespace grapevine::sql
